"""What a verification found, as values: equal, or the first place that differs and what that usually means."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """First place where the board and the golden model differ. `layer` is the operator's number in the model.

    `row`, `column`, `channel` locate the first differing element; −1 where a build without trace cannot tell.
    """

    input: str
    layer: int
    kind: str
    tensor: int
    row: int
    column: int
    channel: int
    expected: int
    got: int
    meaning: str

    def __str__(self) -> str:
        where = f"layer {self.layer} ({self.kind}), row {self.row}, column {self.column}, channel {self.channel}"
        return f"{where}: expected {self.expected}, the board has {self.got}, with input {self.input!r}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of a verification: what was compared, what it cost, and the first difference if there is one.

    `ticks` are of the board's cycle counter, for one inference; `stack_bytes` is 0 where not known.
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

    @property
    def equal(self) -> bool:
        """Tell whether every byte was as the golden model says."""
        return self.difference is None

    def as_json(self) -> dict[str, Any]:
        """Plain data, with the verdict itself."""
        return {"equal": self.equal, **asdict(self)}
