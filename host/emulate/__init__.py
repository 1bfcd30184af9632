"""Boards without hardware: real firmware on QEMU, and boot loaders of emulated chips."""
