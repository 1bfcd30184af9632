"""Chooses where else to look in a tensor that differs: its bad pixel, row and column, and all over it."""

from typing import Final

# A tensor of so many windows is looked at as a whole.
WHOLE: Final = 8
PIXEL: Final = 4
LINE: Final = 3
SPREAD: Final = 5


def places(shape: tuple[int, int, int], position: int, width: int) -> tuple[int, ...]:
    """Offsets of windows of `width` bytes in a [rows, columns, channels] tensor; `position` is its first bad byte."""
    rows, columns, channels = shape
    size, row_bytes = rows * columns * channels, columns * channels
    if size <= WHOLE * width:
        return tuple(range(0, size, width))
    row, (column, channel) = position // row_bytes, divmod(position % row_bytes, channels)

    def around(y: int, x: int) -> int:
        """Window of a pixel that holds the bad channel, near its middle if there is room."""
        return y * row_bytes + x * channels + max(0, min(channel - width // 2, channels - width))

    pixel = [row * row_bytes + column * channels + at for at in range(0, channels, width)][:PIXEL]
    along = [around(row, x) for x in _spaced(columns)]
    down = [around(y, column) for y in _spaced(rows)]
    spread = [around(*divmod((2 * i + 1) * rows * columns // (2 * SPREAD), columns)) for i in range(SPREAD)]
    if rows * columns <= SPREAD:
        spread = [(2 * i + 1) * size // (2 * SPREAD) for i in range(SPREAD)]
    return tuple(dict.fromkeys((*pixel, *along, *down, *spread)))


def _spaced(extent: int) -> list[int]:
    """First, middle and last of a line."""
    return sorted({i * (extent - 1) // (LINE - 1) for i in range(LINE)})
