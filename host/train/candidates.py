"""The networks that are tried on a folder of pictures, and what each costs where it is to run."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.errors import DoesNotFitError, UnsupportedError
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.fits import Fit
from depthwise.codegen.targets.boards import Board
from depthwise.codegen.zoo.catalogue import Scaling, architecture
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from depthwise.host.api.fitting import fits_of

from .prune_to_ram import Room, check_room, ram_of

COLOURS: Final = 3
SEED: Final = 1
DEFAULT_SIDE: Final = 96
# Family, width, side of the image: a few layers for few pictures, more of them for many.
TRIED: Final = (
    ("digits", 1.0, 32),
    ("digits", 1.0, 64),
    ("digits", 1.0, 96),
    ("mobilenet_v1", 0.25, 64),
    ("mobilenet_v1", 0.25, 96),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network to try, its multiplications, its RAM, and how it fits the board, if there is one.

    Figures are the planner's: RAM is that of the network alone, of `fit` that of the whole firmware.
    """

    architecture: Architecture
    macs: int
    ram_bytes: int
    fit: Fit | None

    @property
    def side(self) -> int:
        """Height and width of its image."""
        return self.architecture.image[0]

    @property
    def name(self) -> str:
        """Family, width and side."""
        return self.architecture.name


def candidates(
    shape: Scaling, classes: int, target: Board | None, milliseconds: float | None, family: str | None = None
) -> tuple[Candidate, ...]:
    """Networks to try, the smallest first; what `shape` says is kept by all. Of a `family` it is one.

    Raises DoesNotFitError where none fits the board, or is predicted to be fast enough there.
    """
    wanted = _architectures(shape, classes) if family is None else (_asked_for(family, shape, classes),)
    made = tuple(_candidate(a, target) for a in wanted)
    able = [c for c in made if c.fit is None or (c.fit.fits and _is_fast(c.fit, milliseconds))]
    if not able:
        assert target is not None
        tried = f"none of {len(made)} networks fits {target.name}"
        raise DoesNotFitError(f"{tried}: {_nearest(made)}", "take a larger board, or a smaller --resolution")
    return tuple(sorted(able, key=lambda c: c.macs))


def with_room(able: tuple[Candidate, ...], room: Room) -> tuple[Candidate, ...]:
    """Those networks that can be pruned so far. Raises what is wrong with the smallest where none can."""
    found: list[Candidate] = []
    for candidate in reversed(able):
        try:
            check_room(candidate.architecture, room)
        except (DoesNotFitError, UnsupportedError):
            if not found and candidate is able[0]:
                raise
        else:
            found.append(candidate)
    return tuple(reversed(found))


def _architectures(shape: Scaling, classes: int) -> Iterator[Architecture]:
    seen: set[tuple[str, float, int]] = set()
    for family, alpha, side in TRIED:
        asked = (family, shape.alpha or alpha, shape.resolution or side)
        if asked not in seen:
            seen.add(asked)
            channels = shape.image_channels or COLOURS
            scaled = replace(shape, alpha=asked[1], resolution=asked[2], classes=classes, image_channels=channels)
            yield architecture(family, scaled)


def _asked_for(family: str, shape: Scaling, classes: int) -> Architecture:
    return architecture(family, replace(shape, resolution=shape.resolution or DEFAULT_SIDE, classes=classes))


def _candidate(made: Architecture, target: Board | None) -> Candidate:
    graph = build_graph(made, he_weights(made, SEED))
    fit = None if target is None else fits_of(made.name, graph, PassOptions(), [target]).boards[0]
    ram_bytes = ram_of(graph) if fit is None else fit.point.ram_bytes
    return Candidate(made, total_macs(graph), ram_bytes, fit)


def _is_fast(fit: Fit, milliseconds: float | None) -> bool:
    return milliseconds is None or fit.milliseconds is None or fit.milliseconds <= milliseconds


def _nearest(made: tuple[Candidate, ...]) -> str:
    least = min(made, key=lambda c: c.macs)
    assert least.fit is not None
    took = "" if least.fit.milliseconds is None else f", {least.fit.milliseconds:,.0f} ms"
    needs = f"{least.fit.ram_needed:,} bytes of RAM and {least.fit.flash_needed:,} of flash"
    return f"the smallest, {least.name}, takes {needs}{took}"
