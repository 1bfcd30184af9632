"""Writes training-peers.md among the results: `depthwise train --images` beside a plain Keras network of the same size.

`python -m docs.make.training_peers` (needs the `train` extra; hours on two cores), with the numbers as JSON: each part
of a run is kept there as it ends, and not done again. All get the same folder and nothing else; all are held against
pictures that none has seen. `--page` writes the page of what is there.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from time import monotonic
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
    """What the default command came to: the share of unseen pictures that are right, in int8; how long it took."""

    network: str
    right: float
    parameters: int
    side: int
    epochs: int
    batch: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One seed: our network, and the plain ones, as far as they are trained."""

    seed: int
    ours: Ours
    peers: tuple[Peer, ...] = ()

    @property
    def as_it_is(self) -> Peer | None:
        """The plain network at Adam's own rate, once it was tried at the small size."""
        return self._chosen(RATES[:1])

    @property
    def tuned(self) -> Peer | None:
        """The plain network at any rate, once all were tried at the small size."""
        return self._chosen(RATES)

    def missing(self, rates: tuple[float, ...], side: int) -> tuple[float, ...]:
        """The rates that were not tried at a side."""
        return tuple(rate for rate in rates if (rate, side) not in [(peer.rate, peer.side) for peer in self.peers])

    def tried_at(self, rates: tuple[float, ...]) -> list[int]:
        """The sizes of picture at which all of these rates were tried."""
        return [side for side in sorted({peer.side for peer in self.peers}) if not self.missing(rates, side)]

    def _chosen(self, rates: tuple[float, ...]) -> Peer | None:
        tried = self.tried_at(rates)
        able = [peer for peer in self.peers if peer.rate in rates and peer.side in tried]
        return chosen(able) if SMALL in tried else None


Found = dict[str, list[Compared]]


def main() -> None:
    """Train what is not in the JSON file: ours, then plain networks as they are, then at other rates; write both."""
    found = _kept()
    runs = [] if "--page" in sys.argv else [(task, seed) for seed in SEEDS for task in TASKS]
    for task, seed in runs:
        there = found.setdefault(task.name, [])
        if seed not in [run.seed for run in there]:
            there.append(Compared(seed, ours(task, seed)))
            _keep(found, there[-1])
    for rates in (RATES[:1], RATES):
        for task, seed in runs:
            _train_peers(found, task, seed, rates)
    (RESULTS / "training-peers.md").write_text(page(found))


def _train_peers(found: Found, task: Task, seed: int, rates: tuple[float, ...]) -> None:
    there = found[task.name]
    at = [run.seed for run in there].index(seed)
    for side in sides(there[at]):
        missing = there[at].missing(rates, side)
        if missing:
            there[at] = replace(there[at], peers=(*there[at].peers, *peers(task, there[at], side, missing)))
            _keep(found, there[at])


def sides(run: Compared) -> list[int]:
    """The sizes of picture that plain networks are tried at."""
    return sorted({SMALL, run.ours.side})


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
        begun = monotonic()
        card = run(request(given, seed), outputs(given.parent / "ours.tflite", None, None, force=True), quiet=True)
        seconds = monotonic() - begun
        graph = read_model(given.parent / "ours.tflite")
        side, classes = graph.tensors[graph.inputs[0]].shape[1], tuple(card["model"]["classes"])
        return Ours(
            network=card["model"]["architecture"],
            right=measure(graph, unseen_pictures(unseen, classes, side)).accuracy,
            parameters=card["model"]["parameters"],
            side=side,
            epochs=card["training"]["epochs"],
            batch=card["training"]["batch"],
            seconds=round(seconds),
        )


def peers(task: Task, beside: Compared, side: int, rates: tuple[float, ...]) -> tuple[Peer, ...]:
    """Plain networks of about as many parameters, on the same folder, which see pictures of a side."""
    mine = beside.ours
    budget = TrainingBudget(mine.epochs, batch=mine.batch, seed=beside.seed)
    with folders(task, beside.seed) as (given, unseen):
        pictures = unseen_pictures(unseen, classes_of(given), side)
        return tuple(plain_peers(given, pictures, mine.parameters, budget, side, rates=rates))


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
    sections = "\n".join(_section(task, found[task.name]) for task in TASKS if found.get(task.name))
    rates = ", ".join(f"{rate:g}" for rate in RATES)
    return f"""# Training: beside a plain Keras network

Made by `python -m docs.make.training_peers`. `depthwise train --images FOLDER` without any other option, beside what
Keras' guides have for pictures: three convolutions with pooling, mean, dropout, Adam. The plain network has as many
parameters (within a step of its width) and gets all that ours gets: the same training and validation pictures, the same
variations of them, batches, epochs, as much patience, the best weights. It is to be trained at {SMALL}x{SMALL} and at
the size that ours took, without and with BatchNorm (momentum 0.9), at learning rates of {rates}.
*As it is*: at Adam's own rate, {RATES[0]:g}. *Tuned*: at any. Of both the one of the least validation loss counts.
*Seconds*: what our command takes, search, training and quantization, on two cores of a shared machine.
*Tried at*: the sides of pictures, as it is and tuned, that were done; a dash is what was not measured.
Shares are of pictures that none has seen: ours in int8, as a board computes it, Keras' in floats. A seed decides the
pictures, the split and the first weights. Ours drops networks by their best epoch so far; what that is worth is in
[what there is to choose from](training-front.md). Most plain networks are of an earlier run: two that were trained
again came to 47.0% and 67.8% where they had 46.5% and 68.7%.

{sections}"""


def _section(task: Task, runs: list[Compared]) -> str:
    return f"""## {task.name}

{task.text}.

| seed | network | depthwise, int8 | seconds | parameters | Keras as it is | tuned | which | parameters | tried at |
|---|---|---|---|---|---|---|---|---|---|
{"".join(map(_row, runs))}
{_verdict(runs)}
"""


def _row(run: Compared) -> str:
    mine, plain, tuned = run.ours, run.as_it_is, run.tuned
    which = "– | –" if tuned is None else f"{tuned.name} | {tuned.parameters:,}"
    tried = "; ".join(", ".join(map(str, run.tried_at(rates))) or "–" for rates in (RATES[:1], RATES))
    return (
        f"| {run.seed} | {mine.network} | {mine.right:.1%} | {_seconds(mine)} | {mine.parameters:,} "
        f"| {_share(plain)} | {_share(tuned)} | {which} | {tried} |\n"
    )


def _seconds(mine: Ours) -> str:
    return "–" if mine.seconds is None else f"{mine.seconds:.0f}"


def _share(peer: Peer | None) -> str:
    return "–" if peer is None else f"{peer.right:.1%}"


def _verdict(runs: list[Compared]) -> str:
    mine = mean(run.ours.right for run in runs)
    told = [f"Ours on average of {len(runs)} seeds: {mine:.1%}, {min(run.ours.right for run in runs):.1%} at least."]
    beside = (("as it is", [(r, r.as_it_is) for r in runs]), ("tuned", [(r, r.tuned) for r in runs]))
    for name, pairs in beside:
        both = [(run.ours.right, peer.right) for run, peer in pairs if peer is not None]
        if both:
            ours_there, theirs = zip(*both, strict=True)
            told.append(
                f"Plain Keras {name}, where it was tried: {mean(theirs):.1%} against {mean(ours_there):.1%} of ours, "
                f"{_gain(ours_there, theirs)}."
            )
    return "\n".join(told)


def _gain(mine: Iterable[float], theirs: Iterable[float]) -> str:
    gain = [100 * (a - b) for a, b in zip(mine, theirs, strict=True)]
    spread = f" ± {stdev(gain):.1f}" if len(gain) > 1 else ""
    return f"{mean(gain):+.1f}{spread} points, better with {sum(g > 0 for g in gain)} of {len(gain)} seeds"


if __name__ == "__main__":
    main()
