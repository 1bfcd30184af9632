"""The constants of a layer as C declares them: arrays, and the structure that names them."""

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

import numpy as np

from depthwise.codegen.naming import c_integer

# Bytes of an element by its C type; every other type takes four.
ITEM_BYTES: Final = {"int8_t": 1, "int16_t": 2, "uint16_t": 2}


@dataclass(frozen=True, slots=True)
class ArrayView:
    """A constant array: C type, name, values, and what it is.

    `attribute` is what the compiler is told of it. Elements of an array of structures take several values each, as
    many as their `pattern` has places.
    """

    ctype: str
    name: str
    about: str
    _: KW_ONLY
    values: tuple[int, ...]
    attribute: str = ""
    pattern: str = "%s"

    @property
    def length(self) -> int:
        """Number of elements."""
        return len(self.values) // self.pattern.count("%s")

    @property
    def elements(self) -> tuple[str, ...]:
        """Elements as C."""
        texts, places = tuple(map(c_integer, self.values)), self.pattern.count("%s")
        if self.pattern == "%s":
            return texts
        return tuple(self.pattern % tuple(texts[i : i + places]) for i in range(0, len(texts), places))


@dataclass(frozen=True, slots=True)
class FieldView:
    """One member of a layer's data: its name and its C initialiser."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Constants:
    """Arrays, each called as the member that points to it, and members that are numbers or structures."""

    arrays: tuple[ArrayView, ...] = ()
    fields: tuple[FieldView, ...] = ()


@dataclass(frozen=True, slots=True)
class DataView:
    """The data of one layer: a constant structure that its function reads."""

    struct: str
    name: str
    about: str
    arrays: tuple[ArrayView, ...]
    fields: tuple[FieldView, ...]


def number_fields(numbers: Mapping[str, int]) -> tuple[FieldView, ...]:
    """Members that are integers."""
    return tuple(FieldView(name, str(int(value))) for name, value in numbers.items())


def fields_of(source: object, *names: str) -> tuple[FieldView, ...]:
    """Members that are attributes of a dataclass of parameters."""
    return number_fields({name: getattr(source, name) for name in names})


def array(ctype: str, name: str, about: str, values: "Iterable[int] | np.ndarray[Any, Any]") -> ArrayView:
    """A constant array of plain integers."""
    flat = values.ravel().tolist() if isinstance(values, np.ndarray) else values
    return ArrayView(ctype, name, about, values=tuple(flat))
