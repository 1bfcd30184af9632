"""What the command line asks of a training."""

from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.targets.boards import Board
from depthwise.codegen.zoo.catalogue import Scaling

from .prune_to_ram import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRequest:
    """Pictures (a folder, or the digits if None), the network, the teacher (`wide` or a file) and the budget.

    Without a `family` networks are tried; those are left out that do not fit the board or take more `milliseconds`
    there. The network is pruned to `ram_bytes`, if they are given. Without `epochs` they follow from the number of
    pictures. Training starts from `weights`, a Keras file or a known name, if there are any.
    """

    images: Path | None
    family: str | None
    board: Board | None
    milliseconds: float | None
    shape: Scaling
    teacher: str | None
    epochs: int | None
    aware: bool
    seed: int
    weights: str | None = None
    ram_bytes: int | None = None

    @property
    def room(self) -> Room | None:
        """What the network is pruned to."""
        return None if self.ram_bytes is None else Room(self.ram_bytes, self.board)
