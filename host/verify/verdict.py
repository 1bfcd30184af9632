"""What a verification found, as values: equal, or the first place that differs and why."""

from dataclasses import KW_ONLY, asdict, dataclass
from typing import Any, Final

from depthwise.codegen.graph import Node

from .explain.cause import Cause
from .layer_times import LayerTime
from .predicted_time import PredictedTime

BOARD: Final = "board"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Bytes of a tensor around the first difference, from `offset` on: the golden model's and the board's."""

    offset: int
    expected: tuple[int, ...]
    got: tuple[int, ...]

    @staticmethod
    def of(offset: int, expected: bytes, got: bytes) -> "Excerpt":
        """Excerpt of bytes as int8 values."""
        return Excerpt(offset, *(tuple(byte - 256 * (byte > 127) for byte in data) for data in (expected, got)))

    @property
    def differing(self) -> int:
        """How many of the bytes differ."""
        return sum(a != b for a, b in zip(self.expected, self.got, strict=True))


@dataclass(frozen=True, slots=True)
class ElementPlace:
    """The first element that differs: where it is in the model's own tensor, and both values.

    `run` is the number of the input in a sequence, counted from 0; None where there is one alone.
    """

    row: int
    column: int
    channel: int
    expected: int
    got: int
    _: KW_ONLY
    run: int | None = None

    def __str__(self) -> str:
        run = "" if self.run is None else f"input {self.run} of the sequence, "
        return (
            f"{run}row {self.row}, column {self.column}, channel {self.channel}: "
            f"expected {self.expected}, the board has {self.got}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """First layer where the board and the golden model differ. `layer` is the operator's number in the model.

    `place` is None where the difference did not come again when the input was repeated. `seen` of `runs` runs
    with this input differed.
    """

    input: str
    layer: int
    kind: str
    tensor: int
    place: ElementPlace | None = None
    excerpt: Excerpt | None = None
    seen: int
    runs: int

    @staticmethod
    def of(node: Node, case: str, seen: int, runs: int) -> "Difference":
        """Difference in a layer's output, with the input of a name, and no place yet."""
        return Difference(input=case, layer=node.layer, kind=node.op.kind, tensor=node.output, seen=seen, runs=runs)

    def __str__(self) -> str:
        where = str(self.place) if self.place else f"differed in {self.seen} of {self.runs} runs"
        return f"layer {self.layer} ({self.kind}), {where}, with input {self.input!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Result of a verification: what was compared, what it cost, and the first difference if there is one.

    `ticks` are of the board's cycle counter, for one inference; `stack_bytes` is the most stack ever used, 0 where not
    known, `stack_room` what RAM leaves for it, None where not known. `clock` is what ticks: the board's own, QEMU's or
    this computer's for a virtual board, which say nothing of a chip. `predicted` is None where nobody predicts cycles.
    Tensors were compared by checksums, if it is `full` byte by byte.
    `layers` are those of the last inference of a trace build that differed nowhere. `baud` is the speed that the serial
    line was raised to, None where there is none.
    """

    name: str
    board: str
    core: str
    inputs: int
    tensors: int
    bytes_compared: int
    ticks: int
    clock_hz: int
    macs: int
    ram_bytes: int
    stack_bytes: int
    damaged_frames: int
    difference: Difference | None
    cause: Cause | None = None
    stack_room: int | None = None
    clock: str = BOARD
    predicted: PredictedTime | None = None
    layers: tuple[LayerTime, ...] = ()
    full: bool = False
    baud: int | None = None

    @property
    def milliseconds(self) -> float | None:
        """Time of one inference by the board's own counter; None where its clock is not known, or an emulator's."""
        return self.ticks / self.clock_hz * 1000 if self.clock_hz and self.clock == BOARD else None

    @property
    def equal(self) -> bool:
        """Tell whether every byte was as the golden model says."""
        return self.difference is None

    @property
    def stack_overflown(self) -> bool:
        """Tell whether the stack has used all there is, and so may have gone further."""
        return self.stack_room is not None and self.stack_bytes >= self.stack_room

    def as_json(self) -> dict[str, Any]:
        """Plain data, with the verdict itself."""
        cause = self.cause.as_json() if self.cause else None
        predicted = self.predicted.as_json() if self.predicted else None
        time = {"milliseconds": self.milliseconds, "predicted": predicted}
        layers = [layer.as_json() for layer in self.layers]
        return {"equal": self.equal, **asdict(self), "cause": cause, **time, "layers": layers}
