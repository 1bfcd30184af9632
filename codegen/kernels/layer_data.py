"""What differs between layers that share a function, under names of its own: weights, multipliers, clamps."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from depthwise.codegen.naming import comment, shape_text

from .choice import Chosen
from .data import ITEM_BYTES, ArrayView, Constants, DataView, FieldView
from .kernel import Layer

LEAST_SHARED: Final = 64  # bytes: below, a name of its own is easier to read than what it saves is worth
# Bytes of a layer's constants in the model up to which what becomes of them is remembered: it takes ten times as many.
MOST_REMEMBERED: Final = 2**14


def layer_data(chosen: Chosen, name: str) -> DataView | None:
    """Constants of one layer, called `name` in C, or None where the function needs none."""
    data, layer = chosen.kernel.data, chosen.layer
    if data is None:
        return None
    constants = _remembered(chosen) if _bytes_read(layer) <= MOST_REMEMBERED else data.constants(layer)
    arrays = tuple(replace(array, name=f"{name}_{array.name}") for array in constants.arrays)
    named = tuple(FieldView(a.name, own.name) for a, own in zip(constants.arrays, arrays, strict=True))
    about = f"{layer.node}: {shape_text(layer.output.shape)}, {comment(layer.output.name)}"
    return DataView(data.struct.name, name, about, arrays, named + constants.fields)


@lru_cache(maxsize=256)
def _remembered(chosen: Chosen) -> Constants:
    """Constants that have no names yet: plans, predictions and the C of a network ask for the same."""
    data = chosen.kernel.data
    assert data is not None
    return data.constants(chosen.layer)


def _bytes_read(layer: Layer) -> int:
    """Bytes of the constants that a layer reads, as the model has them."""
    return sum(t.nbytes for t in layer.graph.inputs_of(layer.node) if t.data is not None)


def shared(data: Sequence[DataView | None]) -> list[DataView | None]:
    """The data of layers, each array that another layer has before it left to that one: of steps of a recurrence."""
    known: dict[ArrayView, str] = {}
    return [None if d is None else _shared(d, known) for d in data]


def _shared(data: DataView, known: dict[ArrayView, str]) -> DataView:
    own, elsewhere = list[ArrayView](), dict[str, str]()
    for array in data.arrays:
        key = replace(array, name="", about="")
        if _bytes(array) < LEAST_SHARED or known.setdefault(key, array.name) == array.name:
            own.append(array)
        else:
            elsewhere[array.name] = known[key]
    fields = tuple(replace(f, value=elsewhere.get(f.value, f.value)) for f in data.fields)
    return replace(data, arrays=tuple(own), fields=fields)


def constant_bytes(data: DataView) -> int:
    """Bytes of a layer's arrays."""
    return sum(map(_bytes, data.arrays))


def _bytes(array: ArrayView) -> int:
    return len(array.values) * ITEM_BYTES.get(array.ctype, 4)
