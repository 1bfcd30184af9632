"""Constants apart from the code: one blob of bytes, stretch after stretch, which the code finds at run time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.data import ITEM_BYTES, ArrayView, DataView

from .views import Blob, Stretch

ALIGNMENT: Final = 4


def packed(array: ArrayView) -> bytes:
    """A constant array as it lies in memory."""
    size = ITEM_BYTES.get(array.ctype, 4)
    return b"".join((value % 256**size).to_bytes(size, "little") for value in array.values)


def blob_of(data: Sequence[DataView | None], stretches: Sequence[int]) -> Blob:
    """Lay out the constants of steps; `stretches` says for each step which stretch it runs in, none decreasing.

    The name `constants` stands for the address of the step's stretch.
    """
    content, found, detached = bytearray(), [], []
    for number in range(max(stretches, default=-1) + 1):
        start = len(content)
        for step, view in enumerate(data):
            if stretches[step] == number:
                detached.append(None if view is None else _appended(content, start, view))
        found.append(Stretch(start, len(content) - start))
    return Blob(bytes(content), tuple(found), tuple(detached))


def _appended(content: bytearray, start: int, view: DataView) -> DataView:
    """Append a layer's arrays; the layer's data with their places instead of their names."""
    places: dict[str, str] = {}
    for array in view.arrays:
        offset = len(content) - start
        places[array.name] = f"(const void *)(constants + {offset})"
        content += packed(array)
        content += bytes(-len(content) % ALIGNMENT)
    fields = tuple(replace(f, value=places.get(f.value, f.value)) for f in view.fields)
    return replace(view, fields=fields)
