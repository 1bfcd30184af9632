"""Options of the exact passes, shared by the commands that apply them."""

from collections.abc import Callable
from typing import Any

import click

from depthwise.codegen.intervals import WIDEST, Range
from depthwise.codegen.passes import PassOptions


class RangeType(click.ParamType):  # type: ignore[type-arg]
    """LO..HI: two int8 values."""

    name = "LO..HI"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Range:
        """Parse the text. Fails with a usage error that names the limits."""
        if isinstance(value, tuple):
            return value
        low, dots, high = str(value).partition("..")
        try:
            given = int(low), int(high)
        except ValueError:
            self.fail(f"{value!r} is not LO..HI, for example -128..100", param, ctx)
        if not dots or not WIDEST[0] <= given[0] <= given[1] <= WIDEST[1]:
            self.fail(f"{value!r} is not within {WIDEST[0]}..{WIDEST[1]}, least first", param, ctx)
        return given


def pass_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the parameters `assume_input_range`, `output` and `no_passes`."""
    options = (
        click.option(
            "--assume-input-range",
            type=RangeType(),
            default=WIDEST,
            show_default="-128..127",
            help="Promise that inputs stay in this range (quantized values): more can be proven constant.",
        ),
        click.option(
            "--output",
            type=click.Choice(["scores", "argmax"]),
            default="scores",
            show_default=True,
            help="argmax: return the logits and skip SOFTMAX; the largest stays the largest.",
        ),
        click.option("--no-passes", is_flag=True, help="Compute every layer and channel as the model has them."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def chosen(assume_input_range: Range, output: str, *, no_passes: bool) -> PassOptions:
    """What the user chose."""
    return PassOptions(assume_input_range, not no_passes, output == "argmax")
