"""What differs between layers that share a function, under names of its own: weights, multipliers, clamps."""

from dataclasses import replace

from depthwise.codegen.naming import comment, shape_text

from .choice import Chosen
from .data import ITEM_BYTES, DataView, FieldView


def layer_data(chosen: Chosen, name: str) -> DataView | None:
    """Constants of one layer, called `name` in C, or None where the function needs none."""
    data, layer = chosen.kernel.data, chosen.layer
    if data is None:
        return None
    constants = data.constants(layer)
    arrays = tuple(replace(array, name=f"{name}_{array.name}") for array in constants.arrays)
    named = tuple(FieldView(a.name, own.name) for a, own in zip(constants.arrays, arrays, strict=True))
    about = f"{layer.node}: {shape_text(layer.output.shape)}, {comment(layer.output.name)}"
    return DataView(data.struct.name, name, about, arrays, named + constants.fields)


def constant_bytes(data: DataView) -> int:
    """Bytes of a layer's arrays."""
    return sum(len(a.values) * ITEM_BYTES.get(a.ctype, 4) for a in data.arrays)
