"""What code is made for: cores, boards, architectures of MicroPython."""
