"""Writes training-peers.md among the results: `depthwise train --images` beside a plain Keras network of the same size.

`python -m docs.make.training_peers` (needs the `train` extra; an hour on two cores), with the numbers as JSON: each
half of a run is kept there as it ends, and not done again. All get the same folder and nothing else; all are held
against pictures that none has seen.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from time import process_time
from typing import Any, Final

from depthwise.host.train.quiet import require_tensorflow

require_tensorflow()

from depthwise.codegen.formats.tflite.reader import read_model  # noqa: E402 - TensorFlow is loaded quietly first
from depthwise.codegen.zoo.catalogue import Scaling  # noqa: E402
from depthwise.host.train.fit import TrainingBudget  # noqa: E402
from depthwise.host.train.outputs import outputs  # noqa: E402
from depthwise.host.train.recipe import measure  # noqa: E402
from depthwise.host.train.session import run  # noqa: E402
from depthwise.host.train.training_data import classes_of  # noqa: E402
from depthwise.host.train.training_request import TrainingRequest  # noqa: E402

from .pages import RESULTS  # noqa: E402
from .plain_keras import RATES, Peer, chosen, plain_peers  # noqa: E402
from .training_tasks import TASKS, Task, folders, unseen_pictures  # noqa: E402

KEPT: Final = RESULTS / "training-peers.json"
SEEDS: Final = (1, 2, 3)
SMALL: Final = 32  # a side that plain networks are tried at, whatever ours takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What the default command came to: the share of unseen pictures that are right, in int8.

    CPU seconds are told where they were counted. `dropped_by` says by which epoch's loss networks were dropped on the
    way; it was the last one before.
    """

    network: str
    right: float
    parameters: int
    side: int
    epochs: int
    batch: int
    seconds: float | None
    dropped_by: str = "best epoch"


@dataclass(frozen=True, slots=True)
class Compared:
    """One seed: our network, and the plain ones, once they are trained."""

    seed: int
    ours: Ours
    peers: tuple[Peer, ...] = ()


Found = dict[str, list[Compared]]


def main() -> None:
    """Train all on every task for every seed that is not yet in the JSON file, and write both files."""
    found = _kept()
    for seed in SEEDS:
        for task in TASKS:
            runs = found.setdefault(task.name, [])
            if seed not in [r.seed for r in runs]:
                runs.append(Compared(seed, ours(task, seed)))
                _keep(found, runs[-1])
            at = [r.seed for r in runs].index(seed)
            for side in sorted({SMALL, runs[at].ours.side} - {peer.side for peer in runs[at].peers}):
                runs[at] = replace(runs[at], peers=(*runs[at].peers, *peers(task, runs[at], side)))
                _keep(found, runs[at])
    (RESULTS / "training-peers.md").write_text(page(found))


def _kept() -> Found:
    if not KEPT.exists():
        return {}
    return {name: [_read(run) for run in runs] for name, runs in json.loads(KEPT.read_text()).items()}


def _read(run: dict[str, Any]) -> Compared:
    return Compared(run["seed"], Ours(**run["ours"]), tuple(Peer(**peer) for peer in run["peers"]))


def _keep(found: Found, last: Compared) -> None:
    told = {name: [asdict(run) for run in runs] for name, runs in found.items()}
    KEPT.write_text(json.dumps(told, indent=2) + "\n")
    sys.stdout.write(f"{last}\n")
    sys.stdout.flush()


def ours(task: Task, seed: int) -> Ours:
    """The command as it is without any option."""
    with folders(task, seed) as (given, unseen):
        began = process_time()
        card = run(request(given, seed), outputs(given.parent / "ours.tflite", None, None, force=True), quiet=True)
        seconds = process_time() - began
        graph = read_model(given.parent / "ours.tflite")
        side, classes = graph.tensors[graph.inputs[0]].shape[1], tuple(card["model"]["classes"])
        return Ours(
            network=card["model"]["architecture"],
            right=measure(graph, unseen_pictures(unseen, classes, side)).accuracy,
            parameters=card["model"]["parameters"],
            side=side,
            epochs=card["training"]["epochs"],
            batch=card["training"]["batch"],
            seconds=seconds,
        )


def peers(task: Task, beside: Compared, side: int) -> tuple[Peer, ...]:
    """Plain networks of about as many parameters, on the same folder, which see pictures of a side."""
    mine = beside.ours
    budget = TrainingBudget(mine.epochs, batch=mine.batch, seed=beside.seed)
    with folders(task, beside.seed) as (given, unseen):
        pictures = unseen_pictures(unseen, classes_of(given), side)
        return tuple(plain_peers(given, pictures, mine.parameters, budget, side))


def request(folder: Path, seed: int) -> TrainingRequest:
    """What the command asks without any option."""
    return TrainingRequest(
        images=folder,
        family=None,
        board=None,
        milliseconds=None,
        shape=Scaling(),
        teacher=None,
        epochs=None,
        aware=False,
        seed=seed,
    )


def page(found: Found) -> str:
    """The text of the page."""
    sections = "\n".join(_section(task, found[task.name]) for task in TASKS if task.name in found)
    rates = ", ".join(f"{rate:g}" for rate in RATES)
    return f"""# Training: beside a plain Keras network

Made by `python -m docs.make.training_peers`. `depthwise train --images FOLDER` without any other option, beside what
Keras' guides have for pictures: three convolutions with pooling, mean, dropout, Adam. The plain network has as many
parameters (within a step of its width) and gets all that ours gets: the same training and validation pictures, the same
variations of them, batches, epochs, as much patience, the best weights. It is trained at {SMALL}x{SMALL} and at the
size that ours took, without and with BatchNorm (momentum 0.9), at learning rates of {rates}: the one of the least
validation loss counts. Beside it stands the one that is best on the unseen pictures, which nobody can know before.
Shares are of pictures that none has seen: ours in int8, as a board computes it, Keras' in floats. A seed decides the
pictures, the split and the first weights. Seconds are of one core, of all five networks that are tried.

{sections}"""


def _section(task: Task, runs: list[Compared]) -> str:
    return f"""## {task.name}

{task.text}.

| seed | network | depthwise, int8 | parameters | dropped by | took | Keras, float | which | parameters | best of all |
|---|---|---|---|---|---|---|---|---|---|
{"".join(map(_row, runs))}
{_verdict(runs)}
"""


def _row(run: Compared) -> str:
    mine, peer, most = run.ours, chosen(list(run.peers)), max(p.right for p in run.peers)
    took = "" if mine.seconds is None else f"{mine.seconds:,.0f} s"
    return (
        f"| {run.seed} | {mine.network} | {mine.right:.1%} | {mine.parameters:,} | {mine.dropped_by} | {took} "
        f"| {peer.right:.1%} | {peer.name} | {peer.parameters:,} | {most:.1%} |\n"
    )


def _verdict(runs: list[Compared]) -> str:
    mine = [run.ours.right for run in runs]
    chosen_ones = [chosen(list(run.peers)).right for run in runs]
    best = [max(p.right for p in run.peers) for run in runs]
    against = f"{mean(mine):.1%} against {mean(chosen_ones):.1%}: {_gain(mine, chosen_ones)}"
    return f"On average {against}.\nAgainst the best of all: {_gain(mine, best)}."


def _gain(mine: Iterable[float], theirs: Iterable[float]) -> str:
    gain = [100 * (a - b) for a, b in zip(mine, theirs, strict=True)]
    spread = f" ± {stdev(gain):.1f}" if len(gain) > 1 else ""
    return f"{mean(gain):+.1f}{spread} points, better with {sum(g > 0 for g in gain)} of {len(gain)} seeds"


if __name__ == "__main__":
    main()
