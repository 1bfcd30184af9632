"""The project folder: everything that `make` and `depthwise verify` need, or nothing."""
