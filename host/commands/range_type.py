"""Ranges on the command line: LO..HI."""

from typing import Any, Final

import click


class RangeType(click.ParamType):  # type: ignore[type-arg]
    """LO..HI: two numbers of one type within limits, the lesser first."""

    name = "LO..HI"

    def __init__(self, number: type[int] | type[float], limits: tuple[float, float], example: str) -> None:
        self.number = number
        self.limits = limits
        self.example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, Any]:
        """Parse the text. Fails with a usage error that names the limits."""
        if isinstance(value, tuple):
            return value
        low, dots, high = str(value).partition("..")
        try:
            given = self.number(low), self.number(high)
        except ValueError:
            self.fail(f"{value!r} is not LO..HI, for example {self.example}", param, ctx)
        if not dots or not self.limits[0] <= given[0] <= given[1] <= self.limits[1]:
            self.fail(f"{value!r} is not within {self.limits[0]}..{self.limits[1]}, least first", param, ctx)
        return given


PIXELS: Final = RangeType(float, (-1e6, 1e6), "-1..1")  # what 0 and 255 are to a network
