"""What a user asks of a project beside its network."""

from dataclasses import dataclass

from .picture_size import PictureSize
from .placement import USUAL, Placement


@dataclass(frozen=True, slots=True)
class Extras:
    """Names of the outputs, where code and data lie, and the pictures that the application sends, if it captures."""

    labels: tuple[str, ...] = ()
    placement: Placement = USUAL
    picture: PictureSize | None = None
