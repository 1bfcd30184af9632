"""Chooses where else to look in a tensor that differs: its bad pixel, and places spread over all of it."""

from typing import Final

# A tensor of so many windows is looked at as a whole.
WHOLE: Final = 8
OWN: Final = 4
SPREAD: Final = 7


def places(size: int, channels: int, position: int, width: int) -> tuple[int, ...]:
    """Offsets of windows of `width` bytes in a tensor of `size` bytes, whose first bad byte is at `position`."""
    if size <= WHOLE * width:
        return tuple(range(0, size, width))
    pixels, (pixel, channel) = size // channels, divmod(position, channels)
    own = tuple(range(pixel * channels, (pixel + 1) * channels, width))[:OWN]
    if pixels <= SPREAD:
        return (*own, *((2 * i + 1) * size // (2 * SPREAD) for i in range(SPREAD)))
    into = max(0, min(channel - width // 2, channels - width))
    return (*own, *((2 * i + 1) * pixels // (2 * SPREAD) * channels + into for i in range(SPREAD)))
