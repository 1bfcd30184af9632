"""Options of the command line that scale a network of the zoo."""

from dataclasses import replace
from typing import Final

import click

from depthwise.codegen.zoo.catalogue import Scaling

from .grouped_options import grouped

SMALL: Final = Scaling(0.25, 96, 2)  # a MobileNet as microcontrollers run it

shape_options: Final = grouped(
    "shape",
    Scaling,
    click.option("--alpha", type=float, help="Width multiplier: 0.25 is a quarter of the channels."),
    click.option("--resolution", type=int, help="Side of the image in pixels."),
    click.option("--classes", type=int, help="How many classes to tell apart."),
    click.option("--image-channels", type=int, help="Channels of the image: 1 or 3."),
)


def shaped(name: str, shape: Scaling) -> Scaling:
    """The shape for a table about microcontrollers: ImageNet networks are taken small unless told otherwise."""
    if not name.startswith(("mobilenet", "shufflenet")) or shape != Scaling():
        return shape
    return replace(SMALL, alpha=1.0 if name == "shufflenet" else SMALL.alpha)
