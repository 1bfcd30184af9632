"""Names of trunks that were trained on ImageNet, as keras.applications has them. Needs no TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import InputError

IMAGENET: Final = "imagenet"
PREFIX: Final = "keras:"


@dataclass(frozen=True, slots=True)
class PublishedTrunk:
    """A network of keras.applications, the family of the zoo with the same trunk, and the widths it was trained at."""

    name: str
    family: str
    alphas: tuple[float, ...]


TRUNKS: Final[Mapping[str, PublishedTrunk]] = {
    trunk.name: trunk
    for trunk in (
        PublishedTrunk("MobileNet", "mobilenet_v1", (0.25, 0.5, 0.75, 1.0)),
        PublishedTrunk("MobileNetV2", "mobilenet_v2", (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)),
        PublishedTrunk("MobileNetV3Small", "mobilenet_v3_small", (0.75, 1.0)),
    )
}


def trunk_named(weights: str, family: str | None) -> PublishedTrunk | None:
    """What `imagenet`, for a family, or `keras:NAME` means; None for the name of a file.

    Raises InputError for a name that is not known, or one of another family.
    """
    if weights == IMAGENET:
        return _of_family(family)
    if not weights.startswith(PREFIX):
        return None
    found = TRUNKS.get(weights.removeprefix(PREFIX))
    if found is None:
        raise InputError(
            f"no weights {weights} are known", f"take one of {', '.join(PREFIX + name for name in TRUNKS)}"
        )
    if family not in (None, found.family):
        raise InputError(f"{weights} is the trunk of {found.family}, not of {family}", f"--arch {found.family}")
    return found


def alpha_of(trunk: PublishedTrunk, alpha: float | None) -> float:
    """The width to take. Raises InputError for one that was not trained."""
    wanted = 1.0 if alpha is None else alpha
    if wanted not in trunk.alphas:
        raise InputError(
            f"{trunk.name} was not trained at alpha {wanted:g}",
            f"take one of {', '.join(map('{:g}'.format, trunk.alphas))}",
        )
    return wanted


def _of_family(family: str | None) -> PublishedTrunk:
    able = [trunk for trunk in TRUNKS.values() if trunk.family == family]
    if not able:
        asked = "no --arch is given" if family is None else f"there are none for {family}"
        families = ", ".join(trunk.family for trunk in TRUNKS.values())
        raise InputError(f"weights of ImageNet are those of one network, {asked}", f"--arch with one of {families}")
    return able[0]
