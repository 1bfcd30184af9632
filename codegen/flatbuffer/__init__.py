"""Tables of flatbuffers, read with every offset checked, and written."""
