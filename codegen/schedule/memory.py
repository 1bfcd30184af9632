"""What has to lie in the block: rings of rows, sums."""

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors in one ring: `depth` rows of each where all have the same rows, else all of them (`depth` None).

    `first` and `last` are times in a plan, and events of the timeline before there is one. `inside` are the tensors
    that begin behind the ring's first byte, and at which.
    """

    tensors: tuple[int, ...]
    depth: int | None
    size: int
    first: int
    last: int
    _: KW_ONLY
    inside: tuple[tuple[int, int], ...] = ()

    def place_of(self, tensor: int) -> int:
        """The byte of the ring at which a tensor begins."""
        return next((at for t, at in self.inside if t == tensor), 0)


@dataclass(frozen=True, slots=True)
class StepMemory:
    """int32 sums of an accumulating step; `first` and `last` as in Group."""

    step: int
    size: int
    first: int
    last: int
