"""What the command line asks of a training."""

from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.zoo.catalogue import Scaling


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRequest:
    """Pictures (a folder, or the digits if None), the network, the teacher (`wide` or a file) and the budget."""

    images: Path | None
    family: str
    shape: Scaling
    teacher: str | None
    epochs: int
    aware_epochs: int
    seed: int
