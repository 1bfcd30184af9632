"""Writes docs/training.md: what distillation gains, and quantization-aware training against quantization afterwards.

`python -m docs.training` (needs the `train` extra; some ten minutes on two cores). The numbers go to training.json.
"""

import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Final

from depthwise.host.train.quiet import repeatable, require_tensorflow

require_tensorflow()

from depthwise.codegen.graph import Graph  # noqa: E402 - TensorFlow is loaded quietly first
from depthwise.codegen.zoo.build import build_graph  # noqa: E402
from depthwise.codegen.zoo.costs import cost  # noqa: E402
from depthwise.codegen.zoo.digits import digits  # noqa: E402
from depthwise.host.train.data import Data, digits_data  # noqa: E402
from depthwise.host.train.fit import Budget, Distillation, fit  # noqa: E402
from depthwise.host.train.network import folded  # noqa: E402
from depthwise.host.train.qat import aware  # noqa: E402
from depthwise.host.train.recipe import (  # noqa: E402
    AWARE_RATE,
    CALIBRATED_WITH,
    aware_network,
    int8_of,
    measure,
    post_training,
    teacher_of,
    trained_model,
)

HERE: Final = Path(__file__).resolve().parent
SEEDS: Final = (1, 2, 3)
EPOCHS: Final = 15
AWARE_EPOCHS: Final = 5
STUDENT: Final = digits(0.25)
TEACHER: Final = digits(1.0)


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
    runs = []
    for seed in SEEDS:
        runs.append(run(seed))
        sys.stdout.write(f"{runs[-1]}\n")
        sys.stdout.flush()
    (HERE / "training.json").write_text(json.dumps([asdict(r) for r in runs], indent=2) + "\n")
    (HERE / "training.md").write_text(page(runs))


def run(seed: int) -> Run:
    """One split of the data, one teacher, one student twice; the student alone then quantized in three ways."""
    data, budget = digits_data(seed), Budget(EPOCHS, seed=seed)
    repeatable(seed)
    teacher = trained_model(data, TEACHER, budget, None, lambda *_: None)
    repeatable(seed)
    taught = trained_model(data, STUDENT, budget, Distillation(teacher_of(teacher)), lambda *_: None)
    repeatable(seed)
    alone = trained_model(data, STUDENT, budget, None, lambda *_: None)
    weights = folded(alone, STUDENT)
    more = replace(budget, epochs=AWARE_EPOCHS, learning_rate=budget.learning_rate * AWARE_RATE)
    longer = aware(STUDENT, weights, data.training.images[:CALIBRATED_WITH])
    for _ in fit(longer.plain, longer.variables, data, more):
        pass
    rounded = aware_network(data, STUDENT, weights, more, lambda *_: None)
    graphs = {
        "teacher": build_graph(TEACHER, folded(teacher, TEACHER)),
        "alone": build_graph(STUDENT, weights),
        "taught": build_graph(STUDENT, folded(taught, STUDENT)),
        "after": post_training(build_graph(STUDENT, weights), data),
        "longer_after": post_training(build_graph(STUDENT, longer.learnt()), data),
        "aware": int8_of(rounded, build_graph(STUDENT, rounded.learnt())),
    }
    return Run(seed, len(data.test.labels), **{name: _errors(graph, data) for name, graph in graphs.items()})


def _errors(graph: Graph, data: Data) -> int:
    found = measure(graph, data.test)
    return found.of - found.right


def page(runs: list[Run]) -> str:
    """The text of docs/training.md."""
    student, teacher = cost(STUDENT), cost(TEACHER)
    return f"""# Training: what distillation and rounding are worth

Made by `python -m docs.training`. The digits (1,258 pictures to train with, {runs[0].of} to test), {len(runs)} seeds; a
seed decides the split, the first weights and every variation. Numbers are test pictures classified wrong; behind
± is the standard deviation over the seeds. With so few pictures, one error is {100 / runs[0].of:.2f} percentage points.

The student is the zoo's `digits` at α = 0.25 ({student.macs:,} MACs, {student.parameters:,} parameters), the teacher
the same at α = 1 ({teacher.macs:,} MACs, {teacher.parameters:,} parameters).

## Distillation, same budget

{EPOCHS} epochs each. The taught student sees the labels and, at a temperature of 3, what the teacher makes of every
varied picture.

{_table(runs, (("teacher", "teacher"), ("student alone", "alone"), ("student with teacher", "taught")))}
{_verdict(runs, "alone", "taught", "With the teacher the student")}

## Rounding in training or afterwards

The student alone, quantized to int8: right after its {EPOCHS} epochs; after {AWARE_EPOCHS} more epochs in floats; and
after {AWARE_EPOCHS} more epochs with rounding. All are int8 networks computed as a board computes them.

{
        _table(
            runs,
            (
                ("student alone, float", "alone"),
                ("quantized afterwards", "after"),
                (f"{AWARE_EPOCHS} more epochs, quantized afterwards", "longer_after"),
                (f"{AWARE_EPOCHS} more epochs with rounding", "aware"),
            ),
        )
    }
{_verdict(runs, "longer_after", "aware", "With rounding in training, for the same epochs, the network")}
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
    sure = "more than" if abs(change) > 2 * error else "within"
    return (
        f"{what} makes {abs(change):.1f} errors {'fewer' if change < 0 else 'more'} on average (fewer with {fewer} of "
        f"{len(runs)} seeds); the standard error of that difference is {error:.1f}, so it is {sure} twice the chance."
    )


if __name__ == "__main__":
    main()
