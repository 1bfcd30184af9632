"""Pictures of a board's own camera, taken into labelled folders."""
