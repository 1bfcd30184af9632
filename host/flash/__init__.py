"""Puts a built project into a board's flash memory, by whatever program or drive the board is reached with."""
