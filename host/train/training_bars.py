"""How training looks while it runs: a bar for each stage, with loss and accuracy of the last epoch."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from depthwise.host.console import err

from .fit import Epoch
from .recipe import EpochProgress


@dataclass(slots=True)
class Stages:
    """The last epoch of each stage, by its name."""

    last: dict[str, Epoch] = field(default_factory=dict)


@contextmanager
def training_progress(*, quiet: bool) -> Iterator[tuple[EpochProgress, Stages]]:
    """Yield what `train` tells its epochs to, and what it has been told so far."""
    columns = (
        TextColumn("{task.fields[stage]:<13}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    console, stages = err(), Stages()
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=console, disable=quiet or not console.is_terminal) as bar:

        def report(stage: str, epoch: Epoch, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task("", total=of, stage=stage)
            stages.last[stage] = epoch
            text = f"loss {epoch.loss:.3f}, {100 * epoch.accuracy:.1f}% right"
            bar.update(tasks[stage], completed=epoch.number, description=text)

        yield report, stages
