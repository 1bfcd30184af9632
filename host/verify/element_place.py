"""From the first byte that differs to the element of the model's tensor that it belongs to, and its values."""

import numpy as np

from .bench import Bench
from .verdict import ElementPlace, Excerpt


def place_of(bench: Bench, position: int, excerpt: Excerpt) -> ElementPlace:
    """The element of the bench's tensor at byte `position`, the first that differs; channels as in the model.

    Of an element of several bytes, those that the excerpt does not show are taken to be right.
    """
    about, kept = bench.project.graph.output_of(bench.node), bench.project.made.survivors[bench.node.output].kept
    size = about.dtype.itemsize
    first = position - position % size
    expected = bytearray(bench.wanted[first : first + size])
    got = bytearray(expected)
    for at, byte in enumerate(excerpt.got, excerpt.offset - first):
        if 0 <= at < size:
            got[at] = byte & 0xFF
    row, inside = divmod(first, about.row_bytes)
    run, row = divmod(row, about.rows)
    column, channel = divmod(inside // size, len(kept))
    right, found = (int(np.frombuffer(data, about.dtype.value)[0]) for data in (expected, got))
    several = bench.case.runs > 1
    return ElementPlace(row, column, int(kept[channel]), right, found, run=run if several else None)
