"""Options of the exact passes, shared by the commands that apply them."""

from typing import Final

import click

from depthwise.codegen.passes import PassOptions
from depthwise.codegen.passes.intervals import WIDEST, Range

from .grouped_options import grouped
from .range_type import RangeType


def _made(assume_input_range: Range, output: str, *, no_passes: bool) -> PassOptions:
    return PassOptions(assume_input_range, not no_passes, output == "argmax")


pass_options: Final = grouped(
    "passes",
    _made,
    click.option(
        "--assume-input-range",
        type=RangeType(int, WIDEST, "-128..100"),
        default=WIDEST,
        show_default="-128..127",
        help="Promise that inputs stay in this range (quantized values): more can be proven constant.",
    ),
    click.option(
        "--output",
        type=click.Choice(["scores", "argmax"]),
        default="scores",
        show_default=True,
        help="argmax: return the logits and skip SOFTMAX or LOGISTIC; the largest stays the largest.",
    ),
    click.option("--no-passes", is_flag=True, help="Compute every layer and channel as the model has them."),
)
