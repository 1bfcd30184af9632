"""What templates see of a step of the order: the function that it calls, and with what."""

from dataclasses import dataclass

from depthwise.codegen.kernels.data import DataView


@dataclass(frozen=True, slots=True)
class LocalView:
    """A pointer into the block with a name: what it points to, and its value as an expression of C; or a number."""

    ctype: str
    name: str
    value: str
    is_pointer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of the order: a call of a function.

    `window` are the arguments that bring rows together into `rows`, none if the call needs no window. `locals` are
    the places that it reads and writes, as expressions of `block`, `state` and the call's number `y`; the arguments
    name them. A function that `reports` tells whether it has finished a row; any other one finishes `rows` rows from
    `row` on, and a trace reports `reported`. `planar_channels` is not 0 where the output's row lies channel after
    channel, `channels_proven` where each of so many channels was held against the operator at all thresholds. Where
    constants are detached from the code, the call builds its layer's data (`detached`) from the address of the
    constants of its `stretch`.
    """

    number: int
    kernel: str
    function: str
    arguments: tuple[str, ...]
    window: tuple[str, ...]
    locals: tuple[LocalView, ...]
    reports: bool
    about: str
    slot: int
    reported: str
    row: str
    rows: str
    row_bytes: str
    planar_channels: int
    channels_proven: int
    stretch: int = 0
    detached: DataView | None = None

    @property
    def taps(self) -> str:
        """Number of rows in the window."""
        return self.window[0]

    @property
    def reads_constants(self) -> bool:
        """Tell whether the call needs the address of detached constants."""
        return self.detached is not None and bool(self.detached.arrays)
