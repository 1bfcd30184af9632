"""A model in, C out: reader, golden model, passes, schedule, rendering. Knows nothing of serial lines."""
