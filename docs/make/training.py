"""Writes docs/results/training.md: what distillation gains, and rounding in training against quantization afterwards.

`python -m docs.make.training` (needs the `train` extra; some twenty minutes on two cores), with the numbers as JSON.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import mean, stdev
from typing import Final

from depthwise.host.train.quiet import repeatable, require_tensorflow

require_tensorflow()

from depthwise.codegen.graph import Graph  # noqa: E402 - TensorFlow is loaded quietly first
from depthwise.codegen.zoo.block_costs import cost  # noqa: E402
from depthwise.codegen.zoo.digits import digits  # noqa: E402
from depthwise.codegen.zoo.to_graph import build_graph  # noqa: E402
from depthwise.host.train.fit import Distillation, TrainingBudget  # noqa: E402
from depthwise.host.train.keras_network import folded  # noqa: E402
from depthwise.host.train.model_training import teacher_of, trained_model  # noqa: E402
from depthwise.host.train.recipe import (  # noqa: E402
    measure,
)
from depthwise.host.train.training_data import TrainingData, digits_data  # noqa: E402

from .pages import RESULTS  # noqa: E402
from .training_rounding import rounded_ways  # noqa: E402

AWARE_EPOCHS: Final = 5
TEACHER: Final = digits(1.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """A student's width, for how many epochs it and its teacher are trained, and with which seeds."""

    title: str
    alpha: float
    epochs: int
    seeds: tuple[int, ...]


SETTINGS: Final = (
    Setting("A very small student, trained briefly", 0.25, 15, (1, 2, 3, 4, 5)),
    Setting("A small student, trained as long as `depthwise train` does", 0.5, 40, (1, 2, 3)),
)


@dataclass(frozen=True, slots=True)
class Run:
    """Errors on the test pictures, of `of`, with one seed."""

    seed: int
    of: int
    teacher: int
    alone: int
    taught: int
    after: int
    longer_after: int
    aware: int


def main() -> None:
    """Train everything for every seed, and write both files."""
    found: dict[str, list[Run]] = {}
    for setting in SETTINGS:
        found[setting.title] = []
        for seed in setting.seeds:
            found[setting.title].append(run(setting, seed))
            sys.stdout.write(f"{setting.title}: {found[setting.title][-1]}\n")
            sys.stdout.flush()
    plain = {title: [asdict(r) for r in runs] for title, runs in found.items()}
    (RESULTS / "training.json").write_text(json.dumps(plain, indent=2) + "\n")
    (RESULTS / "training.md").write_text(page(found))


def run(setting: Setting, seed: int) -> Run:
    """One split of the data, one teacher, one student twice; the student alone then quantized in three ways."""
    data, budget, student = digits_data(seed), TrainingBudget(setting.epochs, seed=seed), digits(setting.alpha)
    repeatable(seed)
    teacher = trained_model(data, TEACHER, budget, None, lambda *_: None)
    repeatable(seed)
    taught = trained_model(data, student, budget, Distillation(teacher_of(teacher)), lambda *_: None)
    repeatable(seed)
    alone = trained_model(data, student, budget, None, lambda *_: None)
    weights = folded(alone, student)
    graphs = {
        "teacher": build_graph(TEACHER, folded(teacher, TEACHER)),
        "alone": build_graph(student, weights),
        "taught": build_graph(student, folded(taught, student)),
        **rounded_ways(data, student, weights, budget, AWARE_EPOCHS),
    }
    return Run(seed, len(data.test.labels), **{name: _errors(graph, data) for name, graph in graphs.items()})


def _errors(graph: Graph, data: TrainingData) -> int:
    found = measure(graph, data.test)
    return found.of - found.right


def page(found: Mapping[str, list[Run]]) -> str:
    """The text of docs/results/training.md."""
    sections = [_section(setting, found[setting.title]) for setting in SETTINGS]
    of = next(iter(found.values()))[0].of
    return f"""# Training: what distillation and rounding are worth

Made by `python -m docs.make.training` on the digits: 1,258 pictures to train with, {of} to test. A seed decides the
split, the first weights and every variation. Numbers are test pictures classified wrong; behind ± is the standard
deviation over the seeds. One error is {100 / of:.2f} percentage points. The teacher is the zoo's `digits` at α = 1
({cost(TEACHER).macs:,} MACs, {cost(TEACHER).parameters:,} parameters), trained for as many epochs as its student. A
taught student sees the labels and, at a temperature of 3, what the teacher makes of every varied picture.
These runs had scans split at random, so that the same hands wrote the pictures to train with and those to test: on
other hands there would be more errors. `depthwise train --digits` splits them by their writers since.

Rounding in training is compared at the same budget: {AWARE_EPOCHS} more epochs in floats and then quantized, or
{AWARE_EPOCHS} more epochs with rounding. All int8 networks are computed as a board computes them.

{"".join(sections)}"""


def _section(setting: Setting, runs: list[Run]) -> str:
    student = digits(setting.alpha)
    counted = cost(student)
    taught = (("teacher", "teacher"), ("student alone", "alone"), ("student with teacher", "taught"))
    rounded = (
        ("student alone, float", "alone"),
        ("quantized afterwards", "after"),
        (f"{AWARE_EPOCHS} more epochs, quantized afterwards", "longer_after"),
        (f"{AWARE_EPOCHS} more epochs with rounding", "aware"),
    )
    return f"""## {setting.title}

`digits` at α = {setting.alpha:g}, {setting.epochs} epochs: {counted.macs:,} MACs, {counted.parameters:,} parameters.

{_table(runs, taught)}
{_verdict(runs, "alone", "taught", "With the teacher the student")}

{_table(runs, rounded)}
{_verdict(runs, "longer_after", "aware", "With rounding in training the network")}

"""


def _table(runs: list[Run], rows: tuple[tuple[str, str], ...]) -> str:
    head = "| | " + " | ".join(f"seed {r.seed}" for r in runs) + " | mean |\n|---|" + "---|" * (len(runs) + 1) + "\n"
    return head + "".join(_row(title, [getattr(r, name) for r in runs]) for title, name in rows)


def _row(title: str, errors: list[int]) -> str:
    return f"| {title} | {' | '.join(map(str, errors))} | {mean(errors):.1f} ± {stdev(errors):.1f} |\n"


def _verdict(runs: list[Run], before: str, behind: str, what: str) -> str:
    """How the errors change, seed by seed, and whether that is more than the spread."""
    changes = [getattr(r, behind) - getattr(r, before) for r in runs]
    change, spread = mean(changes), stdev(changes)
    fewer = sum(c < 0 for c in changes)
    error = spread / len(changes) ** 0.5
    sure = "more than chance gives" if abs(change) > 2 * error else "no more than chance gives"
    return (
        f"{what} makes {abs(change):.1f} errors {'fewer' if change < 0 else 'more'} on average (fewer with {fewer} of\n"
        f"{len(runs)} seeds). The standard error of that difference is {error:.1f}: {sure}."
    )


if __name__ == "__main__":
    main()
