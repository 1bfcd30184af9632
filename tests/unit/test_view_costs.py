"""Layers that are views in a plan cost nothing, whoever asks: inspect, plan, fit, report, verify, the Python API."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.plan_costs import layer_costs
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.picked_way import ways_on
from depthwise.codegen.schedule import order_of
from depthwise.codegen.schedule.choose import ENTRY_CYCLES
from depthwise.codegen.targets.boards import Board, bare_core, board, core_of
from depthwise.host.api.cost import cost_on
from depthwise.host.api.fitting import fits_of
from depthwise.host.api.loading import load
from depthwise.host.project import open_project
from depthwise.host.report.subject import subject_of
from depthwise.host.verify.predicted_time import predicted_layers, predicted_time
from tests.support.network_builder import Builder
from tests.support.placed_networks import join, like, random_placed

M4 = bare_core("cortex-m4")
PASSES = PassOptions(rewrite=False)


def joined() -> Graph:
    """Two rows of scores that lie one behind the other."""
    build = Builder(3)
    first = build.conv(build.input(1, 8, 8, 3), 8, stride=(2, 2))
    near, far = build.conv(first, 8, (1, 1)), build.conv(build.conv(first, 8, stride=(2, 2)), 8, (1, 1))
    boxes = [build.reshape(head, 1, build.tensors[head].elements // 4, 4) for head in (near, like(build, far, near))]
    return build.finish("joined", join(build, 1, *boxes))


def cycles_of_layers(graph: Graph, target: Board) -> tuple[int, int]:
    """Cycles of the layers that have code in the picked plan, one by one, and of its order."""
    plan = ways_on(graph, target).picked.plan
    kernels = choose_kernels(graph, core_of(target).families)
    return sum(layer_cycles(kernels.of(n)) for n in plan.steps), ENTRY_CYCLES * len(order_of(plan).entries)


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_takes_the_cycles_of_the_layers_that_have_code(seed: int) -> None:
    graph = optimize(random_placed(seed), PASSES).graph
    picked = ways_on(graph, M4).picked
    layers, order = cycles_of_layers(graph, M4)
    assert picked.cycles == layers + order
    costs = layer_costs(picked.plan, picked.variant, core_of(M4))
    assert sum(c.cycles or 0 for c in costs) == layers == cost_on("placed", graph, core_of(M4)).cycles
    assert {c.chosen.layer.node.output for c in costs if not c.is_view} == {n.output for n in picked.plan.steps}


def test_every_answer_about_a_network_with_views_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "joined.tflite"
    path.write_bytes(write_model(joined()))
    target = board("mps2-m4")
    net = load(path, PASSES)
    assert net.made is not None
    layers, order = cycles_of_layers(net.made.graph, target)
    export(path, tmp_path / "project", ExportOptions(board=target, passes=PASSES))
    project = open_project(tmp_path / "project")
    assert any(row["kernel"] == "view" for row in net.cost("cortex-m4").layers)
    time = predicted_time(project)
    assert time is not None
    assert {net.plan(board="mps2-m4").picked.cycles, net.fit(["mps2-m4"]).on("mps2-m4").cycles, time.cycles} == {
        layers + order
    }
    assert net.cost("cortex-m4").cycles == layers
    of_layers = [predicted_layers(project), subject_of(tmp_path / "project").cycles]
    assert [sum(found.values()) for found in of_layers] == [layers, layers]


def test_instructions_of_a_core_without_a_model_leave_views_out() -> None:
    graph = optimize(joined(), PASSES).graph
    name = "rv32imc"
    fit = fits_of("joined", graph, PASSES, [bare_core(name)]).boards[0]
    cost = cost_on("joined", graph, core_of(bare_core(name)))
    assert fit.instructions == cost.instructions
    assert [row["instructions"] for row in cost.layers if row["kernel"] == "view"] == [0]
