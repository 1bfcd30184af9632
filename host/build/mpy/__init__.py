"""Compiles C into native modules of MicroPython (`.mpy`), and reads such modules."""
