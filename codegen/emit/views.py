"""What templates see: frozen views that already hold every number and name. docs/reference/templates.md lists them.

A *function* is C that several layers may share; a *step* is one call of it; *data* is what differs between
layers that share a function. The shapes of functions live with their kernels.
"""

import re
from dataclasses import dataclass

from depthwise.codegen.kernels.data import DataView
from depthwise.codegen.kernels.kernel import KernelShape, Struct
from depthwise.codegen.kernels.layer_data import constant_bytes
from depthwise.codegen.schedule import Guard, Order
from depthwise.codegen.version import ARITHMETIC_VERSION, VERSION

from .bookkeeping_view import BookkeepingView
from .port_view import PortView
from .state_view import StateView, sequence_of
from .step_view import StepView


@dataclass(frozen=True, slots=True)
class Stretch:
    """Constants that a segment of the schedule needs at the same time: where they lie in the blob, in bytes."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Blob:
    """Little-endian arrays, each aligned to 4 bytes; `data` are the layers' with addresses relative to `constants`."""

    content: bytes
    stretches: tuple[Stretch, ...]
    data: tuple[DataView | None, ...]


@dataclass(frozen=True, slots=True)
class FunctionView:
    """One C function: the template that makes it, its name, the shape of its kernel, who calls it."""

    template: str
    name: str
    about: tuple[str, ...]
    shape: KernelShape


@dataclass(frozen=True, slots=True)
class RingView:
    """The ring of a tensor: its place in the block, how many of the tensor's rows it holds, bytes of a row.

    `name` begins the names of these constants in C; `offset` is a number, or the name of another ring's.
    """

    name: str
    offset: str
    rows: int
    height: int
    row_bytes: int


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in the block that has a name: sums, scratch. In int32 words or in bytes, as the name says."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class MapLineView:
    """One line of the memory map: bytes from … to …, what lies there, during which layers."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """The network's memory: what lies where; the rings of the inputs come first."""

    bytes: int
    rings: tuple[RingView, ...]
    places: tuple[PlaceView, ...]
    memory_map: tuple[MapLineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """All of one network: what the files of `templates/network` are made from."""

    name: str
    prefix: str
    model_file: str
    model_sha256: str
    macs: int
    block: BlockView
    order: Order
    bookkeeping: BookkeepingView
    guards: tuple[Guard, ...]
    static_state: bool
    inputs: tuple[PortView, ...]
    outputs: tuple[PortView, ...]
    structs: tuple[Struct, ...]
    functions: tuple[FunctionView, ...]
    data: tuple[DataView, ...]
    steps: tuple[StepView, ...]
    headers: tuple[str, ...]
    trace: bool
    promise: tuple[int, int] | None
    traced: tuple[int, ...]
    longest_planar: int
    blob: Blob | None
    states: tuple[StateView, ...]

    @property
    def tool(self) -> str:
        """Version of this tool."""
        return VERSION

    @property
    def arithmetic_version(self) -> int:
        """Version of the arithmetic helpers that the code asks for."""
        return ARITHMETIC_VERSION

    @property
    def macro(self) -> str:
        """What names of macros begin with."""
        return self.prefix.upper()

    @property
    def weight_bytes(self) -> int:
        """Constants in bytes: those of the layers, and the order of calls."""
        return sum(map(constant_bytes, self.data)) + self.order.size

    @property
    def attached(self) -> bool:
        """Tell whether the constants are arrays of the C code."""
        return self.blob is None

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """Detached constants: those of each segment of the schedule that needs some."""
        return () if self.blob is None else self.blob.stretches

    @property
    def detached_bytes(self) -> int:
        """Detached constants in bytes."""
        return 0 if self.blob is None else len(self.blob.content)

    @property
    def longest_stretch(self) -> int:
        """Most bytes of detached constants that are needed at the same time."""
        return max((s.size for s in self.stretches), default=0)

    @property
    def block_words(self) -> int:
        """The block in int32 words."""
        return self.block.bytes // 4

    @property
    def halves(self) -> int:
        """The block in int16, 0 where nothing in it is."""
        used = any("block.halves" in v.value for s in self.steps for v in s.locals)
        return self.block.bytes // 2 if used else 0

    @property
    def kept_bytes(self) -> int:
        """Bytes that are kept from run to run."""
        return sum(s.bytes for s in self.states)

    @property
    def sequence(self) -> int:
        """Inputs that a board is verified with, one after another from the initial state on; 1 without state."""
        return sequence_of(self.states, self.output_bytes)

    @property
    def copied_states(self) -> tuple[StateView, ...]:
        """States that are computed elsewhere, in an order in which none is written over before it is read."""
        return tuple(s for s in self.states if s.source is not None)

    @property
    def ram_bytes(self) -> int:
        """All that the network keeps: its block, and how far a run has come."""
        return self.block.bytes + self.bookkeeping.bytes

    @property
    def image_form(self) -> bool:
        """Tell whether two pointers do: one int8 input, one int8 output."""
        return len(self.inputs) == len(self.outputs) == 1 and self.output.ctype == "int8_t"

    @property
    def input(self) -> PortView:
        """The first input, or the only one."""
        return self.inputs[0]

    @property
    def output(self) -> PortView:
        """The first output, or the only one."""
        return self.outputs[0]

    @property
    def several_inputs(self) -> bool:
        """Tell whether rows of several inputs go in, each when the network wants it."""
        return len(self.inputs) > 1

    @property
    def python_outputs(self) -> str:
        """What a Python function that runs the network returns."""
        arrays = ", ".join("array[int]" for _ in self.outputs)
        return arrays if len(self.outputs) == 1 else f"tuple[{arrays}]"

    @property
    def at_input(self) -> str:
        """Condition in C: an entry of the order is a row of an input."""
        return f"entry < {len(self.inputs)}" if self.several_inputs else "entry == 0"

    @property
    def input_rings(self) -> tuple[RingView, ...]:
        """The rings of the inputs' rows."""
        return self.block.rings[: len(self.inputs)]

    @property
    def input_bytes(self) -> int:
        """Bytes of all inputs."""
        return sum(port.bytes for port in self.inputs)

    @property
    def output_bytes(self) -> int:
        """Bytes of all outputs."""
        return sum(port.bytes for port in self.outputs)

    @property
    def longest_input_row(self) -> int:
        """Bytes of the longest row of any input."""
        return max(port.row_bytes for port in self.inputs)

    @property
    def order_type(self) -> str:
        """C type of an entry of the order."""
        return {1: "uint8_t", 2: "uint16_t"}[self.order.item_bytes]

    @property
    def entry_mask(self) -> int:
        """Bits of an entry that number the step."""
        return self.order.repeat - 1

    @property
    def uses_window(self) -> bool:
        """Tell whether any step looks at a window of rows."""
        return any(step.window for step in self.steps)

    @property
    def ignores_row(self) -> bool:
        """Tell whether no step depends on which call it is."""
        traced = [s.row for s in self.steps] if self.trace else []
        values = [v.value for s in self.steps for v in s.locals]
        texts = [*traced, *values, *(text for s in self.steps for text in (*s.arguments, *s.window))]
        return not any(re.search(r"\by\b", text) for text in texts)

    @property
    def traces_planar(self) -> bool:
        """Tell whether a row that lies channel after channel is traced."""
        return self.trace and any(step.planar_channels for step in self.steps)

    @property
    def traces(self) -> bool:
        """Tell whether any row is traced."""
        return self.trace and bool(self.steps)

    @property
    def ignores_block(self) -> bool:
        """Tell whether no step touches the block."""
        return not self.steps

    @property
    def input_uses_row(self) -> bool:
        """Tell whether taking a row of an input depends on which one it is."""
        rows = (port.row_offset for port in self.inputs)
        return self.promise is not None or any(re.search(r"\by\b", row) for row in rows)

    @property
    def only_state(self) -> str:
        """Parameters of a function that takes nothing but the state."""
        return "void" if self.static_state else f"struct {self.prefix}_state *state"

    @property
    def first_state(self) -> str:
        """The state as a first parameter, if the caller owns it."""
        return "" if self.static_state else f"struct {self.prefix}_state *state, "

    @property
    def first_const_state(self) -> str:
        """The same for a function that only reads it."""
        return "" if self.static_state else f"const {self.first_state}"

    @property
    def only_const_state(self) -> str:
        """Parameters of a function that only reads the state, and takes nothing else."""
        return "void" if self.static_state else f"const struct {self.prefix}_state *state"

    @property
    def own_state(self) -> str:
        """Where a public function finds the state."""
        return f"&{self.prefix}_static_state" if self.static_state else "state"

    @property
    def pass_only(self) -> str:
        """Argument of a function that takes nothing but the state."""
        return "" if self.static_state else "state"

    @property
    def pass_first(self) -> str:
        """The state as a first argument."""
        return "" if self.static_state else "state, "

    @property
    def pass_global(self) -> str:
        """The serial application's state as the only argument."""
        return "" if self.static_state else "&network_state"

    @property
    def pass_global_first(self) -> str:
        """The same as a first argument."""
        return "" if self.static_state else "&network_state, "

    @property
    def caller_only(self) -> str:
        """Argument of a caller that owns a `state`, to a function that takes nothing but that."""
        return "" if self.static_state else "&state"

    @property
    def caller_first(self) -> str:
        """The same as a first argument."""
        return "" if self.static_state else "&state, "

    @property
    def has_guards(self) -> bool:
        """Tell whether canaries lie behind the buffers."""
        return bool(self.guards)

    @property
    def traced_slots(self) -> int:
        """Number of traced tensors that a board keeps a checksum of: none without a trace."""
        return len(self.traced) if self.trace else 0

    @property
    def last_slot(self) -> int:
        """Number of the last traced tensor."""
        return len(self.traced) - 1
