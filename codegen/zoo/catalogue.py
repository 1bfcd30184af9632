"""The families of the zoo by name, and the techniques by name."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from difflib import get_close_matches
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.zoo import toolbox

from .digits import digits
from .ds_cnn import ds_cnn
from .efficientnet_lite0 import efficientnet_lite0
from .fomo import fomo
from .mobilenet_v1 import mobilenet_v1
from .mobilenet_v2 import mobilenet_v2
from .mobilenet_v3_small import mobilenet_v3_small
from .shufflenet import shufflenet
from .spec import Architecture
from .streaming_kws import streaming_kws

Technique = Callable[[Architecture], Architecture]


@dataclass(frozen=True, slots=True)
class Scaling:
    """What every family can be scaled by; None leaves the family's own value."""

    alpha: float | None = None
    resolution: int | None = None
    classes: int | None = None
    image_channels: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A network family: what it is, the image it was made for, and how it is built."""

    about: str
    resolution: int
    classes: int
    image_channels: int
    build: Callable[[float, int, int, int], Architecture]
    _: KW_ONLY
    streaming: bool = False


def _keyword_spotting(alpha: float, resolution: int, classes: int, image_channels: int) -> Architecture:
    if (resolution, image_channels) != (49, 1):
        raise InputError(
            f"ds_cnn reads 49x10x1 spectrograms, not {resolution} rows of {image_channels} channels",
            "leave --resolution and --image-channels out",
        )
    return ds_cnn(alpha, classes)


def _streaming(alpha: float, resolution: int, classes: int, image_channels: int) -> Architecture:
    if resolution != 1:
        raise InputError(
            f"streaming_kws is given one row of features at a time, not {resolution}", "leave --resolution out"
        )
    return streaming_kws(alpha, classes, image_channels)


def _shallow(alpha: float, resolution: int, classes: int, image_channels: int) -> Architecture:
    return mobilenet_v1(alpha, resolution, classes, image_channels, shallow=True)


def _full(alpha: float, resolution: int, classes: int, image_channels: int) -> Architecture:
    return toolbox.full_convolutions(mobilenet_v1(alpha, resolution, classes, image_channels))


FAMILIES: Final[Mapping[str, Family]] = {
    "mobilenet_v1": Family("separable blocks", 224, 1000, 3, mobilenet_v1),
    "mobilenet_v1_shallow": Family("without 5 of them", 224, 1000, 3, _shallow),
    "mobilenet_v1_full": Family("full convolutions", 224, 1000, 3, _full),
    "mobilenet_v2": Family("inverted residuals", 224, 1000, 3, mobilenet_v2),
    "mobilenet_v3_small": Family("weighed channels", 224, 1000, 3, mobilenet_v3_small),
    "efficientnet_lite0": Family("deeper, K of 3 and 5", 224, 1000, 3, efficientnet_lite0),
    "fomo": Family("classes of cells", 96, 2, 3, fomo),
    "shufflenet": Family("like it, shuffles", 224, 1000, 3, shufflenet),
    "ds_cnn": Family("keyword spotting", 49, 12, 1, _keyword_spotting),
    "streaming_kws": Family("row by row, with memory", 1, 12, 40, _streaming, streaming=True),
    "digits": Family("bundled digits", 32, 10, 1, digits),
}

TECHNIQUES: Final[Mapping[str, Technique]] = {
    "no-fc": toolbox.no_dense,
    "kernel-reduction": toolbox.kernel_reduction,
    "channel-reduction": toolbox.channel_reduction,
    "even-downsampling": toolbox.even_downsampling,
    "separable": toolbox.separable,
    "shuffle": toolbox.shuffled,
    "full": toolbox.full_convolutions,
    "flat-fc": toolbox.dense_over_positions,
}


def architecture(name: str, shape: Scaling | None = None, techniques: tuple[str, ...] = ()) -> Architecture:
    """An architecture by family, scaled, with techniques applied in order. Raises InputError for unknown names."""
    if name not in FAMILIES:
        near = get_close_matches(name, FAMILIES, 1) or list(FAMILIES)
        raise InputError(f"the zoo has no {name!r}", f"is it {' or '.join(near)}? `depthwise zoo list` shows all")
    shape, family = shape or Scaling(), FAMILIES[name]
    alpha = 1.0 if shape.alpha is None else shape.alpha
    if not 0 < alpha <= 8:
        raise InputError(f"the width multiplier is {alpha:g}, it can be above 0 and up to 8", "try --alpha 0.25")
    made = family.build(
        alpha,
        family.resolution if shape.resolution is None else shape.resolution,
        family.classes if shape.classes is None else shape.classes,
        family.image_channels if shape.image_channels is None else shape.image_channels,
    )
    for technique in techniques:
        made = TECHNIQUES[technique](made)
    return made
