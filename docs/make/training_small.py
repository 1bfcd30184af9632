"""Writes training-small.md among the results: teachers, pruning and rounding on photographs of clothes.

`python -m docs.make.training_small` (needs the `train` extra and Debian's `dataset-fashion-mnist`; fifteen minutes of a
core), with the numbers as JSON: each seed is kept there as it ends, and not done again.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from statistics import mean, stdev
from typing import Any, Final

from depthwise.host.train.quiet import repeatable, require_tensorflow

require_tensorflow()

from depthwise.codegen.zoo.block_costs import cost  # noqa: E402 - TensorFlow is loaded quietly first
from depthwise.codegen.zoo.digits import digits  # noqa: E402
from depthwise.codegen.zoo.prune import groups, keep, kept_channels  # noqa: E402
from depthwise.codegen.zoo.spec import Architecture  # noqa: E402
from depthwise.codegen.zoo.to_graph import build_graph  # noqa: E402
from depthwise.codegen.zoo.weights import he_weights  # noqa: E402
from depthwise.host.train.fit import Distillation, TrainingBudget, next_epoch  # noqa: E402
from depthwise.host.train.keras_network import Keras, folded  # noqa: E402
from depthwise.host.train.model_training import teacher_of, trained_model, training_of  # noqa: E402
from depthwise.host.train.narrow_model import narrow_model  # noqa: E402
from depthwise.host.train.prune_to_ram import (  # noqa: E402
    PrunedNetwork,
    evenly,
    narrowed,
    pruned_to_ram,
    ram_of,
)
from depthwise.host.train.recipe import (  # noqa: E402
    measure,
)
from depthwise.host.train.training_data import TrainingData  # noqa: E402

from .fashion import OF_CLASS, SIDE, TESTED, fashion_data  # noqa: E402
from .pages import RESULTS  # noqa: E402
from .training_rounding import rounded_ways  # noqa: E402

SEEDS: Final = (1, 2, 3, 4, 5)
KEPT: Final = RESULTS / "training-small.json"
EPOCHS: Final = 20
AWARE_EPOCHS: Final = 4
FINE_EPOCHS: Final = 10
FINE_RATE: Final = 0.5
BATCH: Final = 64
WIDE: Final = digits(1.0, SIDE)
SMALL: Final = digits(0.25, SIDE)
RAM_SHARE: Final = 0.5
ROUNDED: Final = (
    ("float", "alone"),
    ("quantized afterwards", "after"),
    ("more epochs, quantized afterwards", "longer_after"),
    ("more epochs with rounding", "aware"),
)
PRUNED: Final = (
    ("before, α = 1", "wide"),
    ("where the memory is, not trained on", "cut"),
    ("… trained on", "pruned"),
    ("… trained on, with teacher", "pruned_taught"),
    ("evenly, trained on", "even"),
    ("smaller α, trained anew", "scaled"),
)
STEPS: Final = 32  # widths that are tried, of 1
Right = dict[str, float]


def main() -> None:
    """Do every seed that is not yet in the JSON file, and write both files."""
    found: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {"networks": networks(), "seeds": {}}
    for seed in SEEDS:
        if str(seed) not in found["seeds"]:
            found["seeds"][str(seed)] = run(seed)
            KEPT.write_text(json.dumps(found, indent=2) + "\n")
            sys.stdout.write(f"{seed}: {found['seeds'][str(seed)]}\n")
            sys.stdout.flush()
    (RESULTS / "training-small.md").write_text(page(found))


def budget_bytes() -> int:
    """The RAM that pruned networks may have."""
    return int(ram_of(build_graph(WIDE, he_weights(WIDE, 1))) * RAM_SHARE)


def scaled() -> Architecture:
    """The widest network of the same family within the budget."""
    tried = (digits(step / STEPS, SIDE) for step in range(STEPS, 0, -1))
    return next(a for a in tried if ram_of(build_graph(a, he_weights(a, 1))) <= budget_bytes())


def networks() -> dict[str, Any]:
    """What the networks cost that are the same for every seed."""
    made = {"wide": WIDE, "small": SMALL, "scaled": scaled()}
    costs = {name: {"name": a.name, "macs": cost(a).macs, "parameters": cost(a).parameters} for name, a in made.items()}
    ram = {name: ram_of(build_graph(a, he_weights(a, 1))) for name, a in made.items()}
    return {name: {**costs[name], "ram": ram[name]} for name in made} | {"budget": budget_bytes()}


def run(seed: int) -> dict[str, Any]:
    """Shares of the test pictures that are right, with one draw of the training pictures."""
    data, budget = fashion_data(seed), TrainingBudget(EPOCHS, batch=BATCH, seed=seed)
    wide = _trained(data, WIDE, budget)
    alone = _trained(data, SMALL, budget)
    taught = _trained(data, SMALL, budget, Distillation(teacher_of(wide)))
    found = {"wide": _right(data, wide, WIDE), "alone": _right(data, alone, SMALL)}
    found |= {"taught": _right(data, taught, SMALL)} | _rounded(data, alone, budget)
    return {name: round(share, 4) for name, share in (found | _pruned(data, wide, budget)).items()}


def _trained(
    data: TrainingData, made: Architecture, budget: TrainingBudget, taught: Distillation | None = None
) -> Keras:
    repeatable(budget.seed)
    return trained_model(data, made, budget, taught, lambda *_: None)


def _right(data: TrainingData, model: Keras, made: Architecture) -> float:
    return measure(build_graph(made, folded(model, made)), data.test).accuracy


def _rounded(data: TrainingData, model: Keras, budget: TrainingBudget) -> Right:
    """The small network in int8: at once, behind more epochs in floats, behind as many with rounding."""
    graphs = rounded_ways(data, SMALL, folded(model, SMALL), budget, AWARE_EPOCHS)
    return {name: measure(graph, data.test).accuracy for name, graph in graphs.items()}


def _pruned(data: TrainingData, wide: Keras, budget: TrainingBudget) -> dict[str, Any]:
    """The wide network within the budget of RAM: by what is pruned, by its width alone."""
    room, weights = budget_bytes(), folded(wide, WIDE)
    ours, even = pruned_to_ram(WIDE, weights, room), _evenly(weights, room)
    teacher = Distillation(teacher_of(wide))
    width = scaled()
    longer = replace(budget, epochs=EPOCHS + FINE_EPOCHS)
    return {
        "cut": _right(data, narrow_model(wide, WIDE, ours), ours.architecture),
        "pruned": _right(data, _fine(data, wide, ours, budget), ours.architecture),
        "pruned_taught": _right(data, _fine(data, wide, ours, budget, teacher), ours.architecture),
        "even": _right(data, _fine(data, wide, even, budget), even.architecture),
        "scaled": _right(data, _trained(data, width, longer), width),
        "pruned_ram": ours.ram_bytes,
        "even_ram": even.ram_bytes,
        "pruned_parameters": cost(ours.architecture).parameters,
        "even_parameters": cost(even.architecture).parameters,
    }


def _evenly(weights: Any, room: int) -> PrunedNetwork:
    """The same share of all channels removed."""
    graph = build_graph(WIDE, weights)
    counts = evenly(graph, room, lambda counted: ram_of(keep(graph, counted)))
    assert counts.keys() == groups(graph).keys()
    kept = {graph.tensors[index].name: channels for index, channels in kept_channels(graph, counts).items()}
    return PrunedNetwork(narrowed(WIDE, kept), kept, ram_of(keep(graph, counts)))


def _fine(
    data: TrainingData,
    wide: Keras,
    pruned: PrunedNetwork,
    budget: TrainingBudget,
    taught: Distillation | None = None,
) -> Keras:
    repeatable(budget.seed)
    model = narrow_model(wide, WIDE, pruned)
    more = replace(budget, epochs=FINE_EPOCHS, learning_rate=budget.learning_rate * FINE_RATE)
    training = training_of(model, data, more, taught)
    for number in range(1, FINE_EPOCHS + 1):
        next_epoch(training, number)
    return model


def page(found: Mapping[str, Any]) -> str:
    """The text of the page."""
    nets, runs = found["networks"], list(found["seeds"].values())
    wide, small = nets["wide"], nets["small"]
    return f"""# Training small networks: teachers, pruning, rounding

Made by `python -m docs.make.training_small` on Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017, MIT licence; Debian's
`dataset-fashion-mnist`): {OF_CLASS} pictures of each of ten kinds of clothes to train with, drawn by the seed, and
{TESTED:,} to test. Training is short, {EPOCHS} epochs, so that all of it takes some minutes
for each seed: with longer training differences may be others. Numbers are shares of test pictures that are right;
behind ± is the standard deviation over the seeds.

## A teacher
The student is `digits` at α = 0.25 ({small["macs"]:,} MACs, {small["parameters"]:,} parameters), the teacher
the same at α = 1 ({wide["macs"]:,} MACs), trained on the same pictures.

{_table(runs, (("teacher", "wide"), ("student alone", "alone"), ("student with teacher", "taught")))}
{_verdict(runs, "alone", "taught", "With the teacher the student")}

## Rounding in training
The student alone in int8, as a board computes it; {AWARE_EPOCHS} more epochs in floats or with rounding.

{_table(runs, ROUNDED)}
{_verdict(runs, "longer_after", "aware", "With rounding in training the network")}

{_about_pruning(nets, runs)}"""


def _about_pruning(nets: Mapping[str, Any], runs: list[dict[str, Any]]) -> str:
    wide, width = nets["wide"], nets["scaled"]
    return f"""## Pruning to a RAM budget
The network at α = 1 needs {wide["ram"]:,} bytes of RAM at least, by the planner; it may have {nets["budget"]:,}.
`train --ram` takes channels where the memory is and trains on for half as many epochs, with the network before as
teacher. Beside it the same share of all channels, and the widest of the family within the budget
({width["parameters"]:,} parameters, {width["ram"]:,} bytes), trained anew for as many epochs in sum.

{_table(runs, PRUNED)}
{_verdict(runs, "even", "pruned", "Pruned where the memory is, the network")}

{_verdict(runs, "pruned", "pruned_taught", "With the network before as its teacher the pruned one")}

{_verdict(runs, "scaled", "pruned_taught", "Against one trained anew at a smaller width the pruned network")}
"""


def _table(runs: list[dict[str, Any]], rows: tuple[tuple[str, str], ...]) -> str:
    head = f"| |{''.join(f' seed {seed} |' for seed in SEEDS[: len(runs)])} mean |\n|---|{'---|' * (len(runs) + 1)}\n"
    return head + "".join(_row(title, [run[name] for run in runs]) for title, name in rows)


def _row(title: str, shares: list[float]) -> str:
    spread = f" ± {100 * stdev(shares):.1f}" if len(shares) > 1 else ""
    return f"| {title} | {' | '.join(f'{share:.1%}' for share in shares)} | {mean(shares):.1%}{spread} |\n"


def _verdict(runs: list[dict[str, Any]], before: str, behind: str, what: str) -> str:
    """How many points more or less, seed by seed, and whether that is more than the spread."""
    gains = [100 * (run[behind] - run[before]) for run in runs]
    error = stdev(gains) / len(gains) ** 0.5 if len(gains) > 1 else float("inf")
    sure = "more than chance gives" if abs(mean(gains)) > 2 * error else "no more than chance gives"
    better = sum(gain > 0 for gain in gains)
    return (
        f"{what} has {mean(gains):+.1f} points on average, better with {better} of {len(gains)} seeds;\n"
        f"the standard error of that difference is {error:.1f}: {sure}."
    )


if __name__ == "__main__":
    main()
