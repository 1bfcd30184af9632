"""Arrays of a `model.weights.h5`: plain datasets only, each of the very shape that its layer asks for."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Array

MOST_ELEMENTS: Final = 1 << 28
ArrayShape = tuple[int, ...]
# What h5py raises for damaged files, whichever part of it notices.
DAMAGE: Final = (OSError, ArithmeticError, ValueError, RuntimeError, LookupError, TypeError, MemoryError)


class Hdf5File:
    """An open weight file. Links to other files, virtual and external datasets are refused, so nothing else is read."""

    def __init__(self, path: Path) -> None:
        self._left = MOST_ELEMENTS
        try:
            self._file: Any = _h5py().File(path, "r")
        except DAMAGE as error:
            raise ModelError(f"the weights are no HDF5 file: {error}", "save the model again") from None

    def arrays(self, path: str, layer: str, shapes: Sequence[ArrayShape]) -> tuple[Array, ...]:
        """Variables 0, 1, … of a layer as float32, of the shapes given. Raises ModelError naming the layer."""
        try:
            group = self._walk(f"{path}/vars", layer)
            named = group.attrs.get("name", layer)
            if str(named) != layer:
                raise ModelError(f"layer {layer!r} has the weights of {str(named)[:60]!r}", "save the model again")
            return tuple(self._array(group, str(i), layer, shape) for i, shape in enumerate(shapes))
        except DAMAGE as error:
            raise ModelError(f"weights of layer {layer!r} cannot be read: {error}", "save the model again") from None

    def _walk(self, path: str, layer: str) -> Any:
        at = self._file
        for part in path.split("/"):
            at = self._child(at, part, layer)
        return at

    def _child(self, group: Any, name: str, layer: str) -> Any:
        link = group.get(name, getlink=True)
        if link is None:
            raise ModelError(f"layer {layer!r} has no {name!r} among its weights", "save the model again")
        if not isinstance(link, _h5py().HardLink):
            raise ModelError(f"weights of layer {layer!r} are a link to elsewhere", "do not trust this file")
        return group[name]

    def _array(self, group: Any, name: str, layer: str, shape: ArrayShape) -> Array:
        stored = self._child(group, name, layer)
        if not isinstance(stored, _h5py().Dataset) or stored.is_virtual or stored.external:
            raise ModelError(f"weights of layer {layer!r} lie outside the file", "do not trust this file")
        if stored.shape != shape or stored.dtype.kind != "f":
            found = f"{stored.dtype} {stored.shape}"
            raise ModelError(f"layer {layer!r} needs weights {name} of shape {shape}, the file has {found}")
        self._left -= int(np.prod(shape, dtype=np.int64))
        if self._left < 0:
            raise ModelError(f"the weights up to layer {layer!r} are more than {MOST_ELEMENTS:,} numbers")
        return np.asarray(stored[()], np.float32)


def _h5py() -> ModuleType:
    import h5py  # noqa: PLC0415 — only `.keras` files need it

    module: ModuleType = h5py
    return module
