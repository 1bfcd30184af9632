"""How far predicted cycles of whole networks are off that `docs/make/calibrate.py` was not fitted to."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.kernels.choice import Chosen
from depthwise.codegen.kernels.predict import layer_cycles

from .calibrate import UNSEEN, counted, generated

Layer = tuple[Chosen, int]
SHARE: Final = 0.01  # layers of less are left out
TEXT: Final = """
{networks} whole networks of several layers that no prediction was fitted to (`docs/make/network_speed.py`): off by
{middle:.0%} in the middle, by {most:.0%} or less for nine of ten, by {worst:.0%} at worst. Of their {layers} layers
of 1 % or more of a network: {layer_middle:.0%}, {layer_most:.0%} and {layer_worst:.0%}.
"""


def text(plugin: Path) -> str:
    """What the page says of it."""
    with tempfile.TemporaryDirectory() as scratch:
        found = list(_networks(Path(scratch), plugin))
    whole = sorted(abs(_off(layers)) for layers in found)
    each = sorted(abs(_off([layer])) for layers in found for layer in _large(layers))
    return TEXT.format(
        networks=len(whole),
        middle=median(whole),
        most=whole[len(whole) * 9 // 10],
        worst=whole[-1],
        layers=len(each),
        layer_middle=median(each),
        layer_most=each[len(each) * 9 // 10],
        layer_worst=each[-1],
    )


def _networks(scratch: Path, plugin: Path) -> Iterator[list[Layer]]:
    for at, (model, int16_from) in enumerate(generated(scratch, UNSEEN)):
        with suppress(UnsupportedError):  # a generated network may have nothing left to compute
            yield counted(model, plugin, scratch / f"p{at}", int16_from)


def _large(layers: list[Layer]) -> list[Layer]:
    total = sum(cycles for _, cycles in layers)
    return [layer for layer in layers if layer[1] >= SHARE * total]


def _off(layers: list[Layer]) -> float:
    return sum(layer_cycles(chosen) for chosen, _ in layers) / sum(cycles for _, cycles in layers) - 1
