"""What templates see: frozen views that already hold every number and name. docs/templates.md lists them.

A *function* is C that several layers may share; a *step* is one call of it; *data* is what differs between
layers that share a function. Views of different kinds of function live in kernel_views.py.
"""

from dataclasses import dataclass

from .kernel_views import Kernel


@dataclass(frozen=True, slots=True)
class ArrayView:
    """A constant array: C type, name, values, and what it is."""

    ctype: str
    name: str
    about: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One member of a layer's data: its name and its C initialiser."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DataView:
    """The data of one layer: a constant structure that its function reads."""

    struct: str
    name: str
    about: str
    arrays: tuple[ArrayView, ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class FunctionView:
    """One C function: the template that makes it, its name, its constants, who calls it."""

    template: str
    name: str
    about: tuple[str, ...]
    kernel: Kernel


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the run function, and what a trace build reports behind it."""

    function: str
    arguments: tuple[str, ...]
    about: str
    output: str
    slot: int
    rows: int
    row_bytes: int


@dataclass(frozen=True, slots=True)
class PortView:
    """The network's input or output, for the header: sizes and quantization."""

    tensor: str
    height: int
    width: int
    channels: int
    size: int
    row_bytes: int
    rows: int
    scale: str
    zero_point: int


@dataclass(frozen=True, slots=True)
class MapLineView:
    """One line of the memory map: bytes from … to …, what lies there, during which layers."""

    text: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """All of one network: what the files of `templates/network` are made from."""

    name: str
    prefix: str
    macro: str
    tool: str
    arithmetic_version: int
    model_file: str
    model_sha256: str
    macs: int
    ram_bytes: int
    weight_bytes: int
    memory_map: tuple[MapLineView, ...]
    input: PortView
    output: PortView
    structs: tuple[str, ...]
    functions: tuple[FunctionView, ...]
    data: tuple[DataView, ...]
    steps: tuple[StepView, ...]
    uses_softmax: bool
    trace: bool
    promise: tuple[int, int] | None
    traced: tuple[int, ...]
    longest_row: int

    @property
    def traced_slots(self) -> int:
        """Number of traced tensors that a board keeps a checksum of: none without a trace."""
        return len(self.traced) if self.trace else 0

    @property
    def last_slot(self) -> int:
        """Number of the last traced tensor."""
        return len(self.traced) - 1
