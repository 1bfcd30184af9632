"""Options of the command line that scale a network of the zoo."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final

import click

from depthwise.codegen.zoo.catalogue import Shape

SMALL: Final = Shape(0.25, 96, 2)  # a MobileNet as microcontrollers run it


def shape_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --alpha, --resolution, --classes and --image-channels, given to the command as `shape`."""

    @wraps(function)
    def wrapped(
        *arguments: Any,
        alpha: float | None,
        resolution: int | None,
        classes: int | None,
        image_channels: int | None,
        **options: Any,
    ) -> Any:
        given = Shape(alpha, resolution, classes, image_channels)
        return function(*arguments, shape=given, **options)

    for option in (
        click.option("--image-channels", type=int, help="Channels of the image: 1 or 3."),
        click.option("--classes", type=int, help="How many classes to tell apart."),
        click.option("--resolution", type=int, help="Side of the image in pixels."),
        click.option("--alpha", type=float, help="Width multiplier: 0.25 is a quarter of the channels."),
    ):
        wrapped = option(wrapped)
    return wrapped


def shaped(name: str, shape: Shape) -> Shape:
    """The shape for a table about microcontrollers: ImageNet networks are taken small unless told otherwise."""
    if not name.startswith(("mobilenet", "shufflenet")) or shape != Shape():
        return shape
    return replace(SMALL, alpha=1.0 if name == "shufflenet" else SMALL.alpha)
