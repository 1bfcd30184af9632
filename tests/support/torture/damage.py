"""Damage to bytes: what disks, lines and people who mean it do, by seed."""

import numpy as np

# Numbers at which code that reads sizes and offsets goes wrong.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
MOST_HITS = 4


def damaged(data: bytes, seed: int) -> bytes:
    """One of many ways to damage bytes; the same seed damages the same bytes alike.

    Three of four change bytes where they are, so that what is behind them is still found.
    """
    rng = np.random.default_rng(seed)
    out = bytearray(data)
    ways = (_overwrite, _overwrite, _overwrite, _shift)
    hit = ways[int(rng.integers(0, len(ways)))]
    for _ in range(int(rng.integers(1, MOST_HITS + 1))):
        if out:
            hit(out, int(rng.integers(0, len(out))), rng)
    return bytes(out)


def _overwrite(out: bytearray, at: int, rng: np.random.Generator) -> None:
    match int(rng.integers(0, 4)):
        case 0:
            out[at] ^= 1 << int(rng.integers(0, 8))
        case 1:
            out[at] = int(rng.integers(0, 256))
        case 2:
            width = int(rng.choice([1, 2, 4]))
            at -= at % width
            edge = int(rng.choice(EDGES)) % (1 << 8 * width)
            out[at : at + width] = edge.to_bytes(width, "little")
        case _:
            piece = bytes(out[at : at + int(rng.integers(1, 64))])
            place = int(rng.integers(0, len(out) - len(piece) + 1))
            out[place : place + len(piece)] = piece


def _shift(out: bytearray, at: int, rng: np.random.Generator) -> None:
    match int(rng.integers(0, 3)):
        case 0:
            del out[at:]
        case 1:
            del out[at : at + int(rng.integers(1, 64))]
        case _:
            piece = out[at : at + int(rng.integers(1, 64))]
            place = int(rng.integers(0, len(out)))
            out[place:place] = piece
