"""Writes training-front.md among the results: every network that `depthwise train` tries, to the end, for two boards.

`python -m docs.make.training_front` (needs the `train` extra; half an hour on two cores), with the numbers as JSON: a
network is kept there as it ends, and not trained again. The command itself drops the worse ones on the way; here all
are trained, so that the front is known, and so is what would have been dropped wrongly.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Final

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from depthwise.codegen.targets.boards import Board, board  # noqa: E402 - TensorFlow is loaded quietly first
from depthwise.codegen.zoo.catalogue import Scaling  # noqa: E402
from depthwise.codegen.zoo.to_graph import build_graph  # noqa: E402
from depthwise.host.train.budget_of import budget_of  # noqa: E402
from depthwise.host.train.candidates import Candidate, candidates  # noqa: E402
from depthwise.host.train.fit import Epoch, next_epoch  # noqa: E402
from depthwise.host.train.halving import RUNGS  # noqa: E402
from depthwise.host.train.keras_network import folded  # noqa: E402
from depthwise.host.train.model_training import started  # noqa: E402
from depthwise.host.train.quiet import repeatable  # noqa: E402
from depthwise.host.train.recipe import measure, post_training  # noqa: E402
from depthwise.host.train.session import varied_data  # noqa: E402
from depthwise.host.train.training_data import classes_of, folder_data  # noqa: E402
from depthwise.host.train.tried import Tried, front  # noqa: E402

from .pages import RESULTS  # noqa: E402
from .training_peers import request  # noqa: E402
from .training_tasks import TASKS, folders, unseen_pictures  # noqa: E402

KEPT: Final = RESULTS / "training-front.json"
TASK: Final = TASKS[0]
SEED: Final = 1
CLASSES: Final = 3
# A board, and how many milliseconds an inference may take there.
PLACES: Final = (("nucleo-f446re", 40.0), ("bluepill", None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A network trained to the end: validation losses by epoch, the best epoch, shares right in int8, CPU seconds."""

    name: str
    losses: tuple[float, ...]
    best: int
    validation: float
    unseen: float
    seconds: float


def main() -> None:
    """Train what is not yet in the JSON file, and write both files."""
    runs = _kept()
    with folders(TASK, SEED) as (given, unseen):
        for candidate in candidates(Scaling(), len(classes_of(given)), None, None):
            if candidate.name not in runs:
                runs[candidate.name] = _run(candidate, given, unseen)
                KEPT.write_text(json.dumps([asdict(r) for r in runs.values()]) + "\n")
                sys.stdout.write(f"{candidate.name}: {runs[candidate.name].unseen:.1%}\n")
                sys.stdout.flush()
    (RESULTS / "training-front.md").write_text(page(runs))


def _kept() -> dict[str, Run]:
    told = json.loads(KEPT.read_text()) if KEPT.exists() else []
    return {run["name"]: Run(**{**run, "losses": tuple(run["losses"])}) for run in told}


def _run(candidate: Candidate, given: Path, unseen: Path) -> Run:
    """As the search trains it, without an early end."""
    side, asked, began = candidate.side, request(given, SEED), process_time()
    data = varied_data(folder_data(given, side, 3, SEED))
    budget = budget_of(asked, data)
    repeatable(SEED)
    model, training = started(data, candidate.architecture, budget, None)
    epochs: list[Epoch] = []
    for number in range(1, budget.epochs + 1):
        epochs.append(next_epoch(training, number))
        if epochs[-1].rank <= min(e.rank for e in epochs):
            best, weights = epochs[-1], model.get_weights()
    model.set_weights(weights)
    made = candidate.architecture
    graph = post_training(build_graph(made, folded(model, made)), data)
    pictures = unseen_pictures(unseen, data.classes, side)
    return Run(
        name=candidate.name,
        losses=tuple(round(e.validation_loss, 4) for e in epochs),
        best=best.number,
        validation=best.accuracy,
        unseen=measure(graph, pictures).accuracy,
        seconds=process_time() - began,
    )


def page(runs: dict[str, Run]) -> str:
    """The text of the page."""
    places = "\n".join(_section(runs, board(name), limit) for name, limit in PLACES)
    rungs = [len(next(iter(runs.values())).losses) // share for share in RUNGS]
    headings = " | ".join(f"{rung} epochs: last | best" for rung in rungs)
    losses = "".join(
        f"| {run.name} | {' | '.join(_at(run, rung) for rung in rungs)} | {min(run.losses):.2f} |\n"
        for run in runs.values()
    )
    return f"""# Training: what there is to choose from

Made by `python -m docs.make.training_front`. Pictures are those of [training beside Keras](training-peers.md), shapes,
seed {SEED}: 150 of three classes. `depthwise train --images FOLDER -b BOARD --ms N` tries these networks and ends with
such a table; it drops the worse ones on the way, here all were trained to the end. Sizes are the planner's: RAM of the
network, RAM and flash of the whole firmware; time is predicted where there is a model of the core. *Unseen*: right ones
of 600 other pictures, in int8 as a board computes it. *Front*: none here is right as often, as fast and as small, and
better in one of these. Seconds are of one core, of training to the end.

{places}
## What the search drops

The loss on validation pictures after the epochs at which the search drops the worse half: of the last epoch, and of the
best one up to there, by which it goes. The last is a matter of luck while the learning rate is high.

| network | {headings} | to the end |
|---|{"---|---|" * len(rungs)}---|
{losses}"""


def _at(run: Run, rung: int) -> str:
    return f"{run.losses[rung - 1]:.2f} | {min(run.losses[:rung]):.2f}"


def _section(runs: dict[str, Run], target: Board, limit: float | None) -> str:
    able = {c.name: c for c in candidates(Scaling(), CLASSES, target, limit)}
    tried = [
        Tried(candidate=able[name], epochs=run.best, loss=0.0, accuracy=run.unseen)
        for name, run in runs.items()
        if name in able
    ]
    within = "" if limit is None else f", {limit:g} ms"
    left_out = ", ".join(f"`{name}`" for name in runs if name not in able) or "none"
    return f"""## {target.name}{within}

{target.ram_bytes:,} bytes of RAM, {target.flash_bytes:,} of flash. Left out, since too large or too slow: {left_out}.

| network | unseen | ms | MACs | RAM | with firmware | flash | front | trained in |
|---|---|---|---|---|---|---|---|---|
{"".join(_rows(tried, runs))}"""


def _rows(tried: list[Tried], runs: dict[str, Run]) -> Iterator[str]:
    best = front(tried)
    for one in tried:
        candidate, fit = one.candidate, one.candidate.fit
        assert fit is not None
        time = "" if fit.milliseconds is None else f"{fit.milliseconds:.1f}"
        sizes = f"{candidate.ram_bytes:,} | {fit.ram_needed:,} | {fit.flash_needed:,}"
        told = f"{'yes' if one in best else ''} | {runs[candidate.name].seconds:,.0f} s"
        yield f"| {candidate.name} | {one.accuracy:.1%} | {time} | {candidate.macs:,} | {sizes} | {told} |\n"


if __name__ == "__main__":
    main()
