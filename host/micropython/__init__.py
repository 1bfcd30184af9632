"""Boards with MicroPython: modules are copied to them, run and compared, over the serial line of their REPL."""
