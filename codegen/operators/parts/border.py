"""Biases that depend on the position of an output."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Border:
    """Biases that depend on the position: output (y, x) takes bias[rows[y], columns[x]].

    Channels whose value is known, but for SAME padding, are folded to such biases; model files have none.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
