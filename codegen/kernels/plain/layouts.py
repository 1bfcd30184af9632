"""How the weights of a matrix or a CONV_2D lie: which is faster is a fact of the architecture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Array

DENSE: Final = (
    *("dw_asm.h", "dw_fitted.h", "dw_plain.h"),
    *("dw_plain_scale_asm.h", "dw_plain_fitted_asm.h", "dw_plain_dense.h"),
)
FOURS: Final = (
    *("dw_plain_fours_sums.h", "dw_plain_fours_rv32.h"),
    *(
        "dw_plain_thumb2.h",
        "dw_plain_fours_thumb2.h",
        "dw_plain_fours_twin.h",
        "dw_plain_fours.h",
        "dw_plain_fours_fitted.h",
    ),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of weights [O, …]; `name` ends the names of its kernels and of the functions in its `headers`."""

    name: str
    packed: Callable[[Array], tuple[int, ...]]
    headers: tuple[str, ...]


def _by_rows(weights: Array) -> tuple[int, ...]:
    return tuple(weights.ravel().tolist())


def _by_fours(weights: Array) -> tuple[int, ...]:
    rows = weights.reshape(len(weights), -1)
    fours = len(rows) // 4 * 4
    groups = rows[:fours].reshape(fours // 4, 4, rows.shape[1]).transpose(0, 2, 1)
    return (*groups.ravel().tolist(), *rows[fours:].ravel().tolist())


LINES: Final = ("dw_plain_lines.h", "dw_plain_rows_lines.h", "dw_plain_rows_lines_asm.h")

# As the model has them: for cores with few registers.
BY_ROWS: Final = Layout("rows", _by_rows, (*DENSE, "dw_plain_rows.h", "dw_plain_rows_asm.h"))
# Four output channels side by side for each input, the last ones behind.
BY_FOURS: Final = Layout("fours", _by_fours, (*DENSE, *FOURS))
# What they need besides, by their names, where weights have a zero point; and where lines scale sums.
OFFSET: Final = {
    BY_ROWS.name: ("dw_plain_rows_offset.h",),
    BY_FOURS.name: ("dw_plain_fours_offset.h", "dw_plain_fours_offset_rv32.h", "dw_plain_fours_offset_twin.h"),
}
OFFSET_LINES: Final = ("dw_plain_rows_offset_lines.h", "dw_plain_rows_offset_lines_asm.h")
