"""Causes on generated networks, on a fake board that computes them wrong: any operator, any shape."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import Mode, run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.explain.cause import CauseKind
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict
from tests.support.fake_board import serving, traced_board
from tests.support.networks import NAMED_NETWORKS, random_network

NETWORKS: dict[str, Callable[[], Graph]] = {
    **{name: make for name, make in NAMED_NETWORKS.items() if len(make().inputs) == 1},
    **{f"random {seed}": functools.partial(random_network, seed) for seed in range(4)},
}


def project_of(name: str, folder: Path) -> Project:
    """Project of a network; skips one that nothing is left of behind the passes."""
    (folder / "net.tflite").write_bytes(write_model(NETWORKS[name]()))
    try:
        export(folder / "net.tflite", folder / "p", ExportOptions(board=board("host"), trace=True))
    except UnsupportedError as error:
        pytest.skip(str(error))
    return open_project(folder / "p")


def verdict_of(project: Project, compute: Callable[[Array], dict[int, Array]]) -> Verdict:
    """Verdict on a board that computes all tensors in another way."""
    fake, graph = traced_board(project), project.graph
    shape = graph.tensors[graph.inputs[0]].shape

    def tensors(image: bytes) -> dict[int, Array]:
        return compute(np.frombuffer(image, np.int8).reshape(shape))

    fake.trace = lambda image, _: [tensors(image)[t].tobytes() for t in project.traced]
    fake.network = lambda image: tensors(image)[graph.outputs[0]].tobytes()
    with serving(fake) as url, Link.open(url) as link:
        return verify(project, link, list(generated_inputs(graph, 3, seed=0)))


@pytest.mark.parametrize("name", NETWORKS)
def test_single_rounding_is_told_wherever_it_shows(name: str, tmp_path: Path) -> None:
    project = project_of(name, tmp_path)
    verdict = verdict_of(project, lambda image: run(project.graph, image, Mode.SINGLE))
    assert verdict.cause is None or verdict.cause.kind is CauseKind.ROUNDING


@pytest.mark.parametrize("name", NETWORKS)
def test_a_flipped_weight_is_a_damaged_constant_of_its_layer(name: str, tmp_path: Path) -> None:
    project = project_of(name, tmp_path)
    graph, rng = project.graph, np.random.default_rng(len(name))
    weighted = [n for n in graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D | FullyConnected)]
    if not weighted:
        pytest.skip("no layer has weights")
    node = weighted[int(rng.integers(len(weighted)))]
    weights = graph.tensors[node.inputs[1]]
    assert weights.data is not None
    data = weights.data.astype(np.int8)
    data.flat[int(rng.integers(data.size))] ^= np.int8(1 << int(rng.integers(3, 7)))
    tensors = list(graph.tensors)
    tensors[weights.index] = replace(weights, data=data)
    broken = replace(graph, tensors=tuple(tensors))
    verdict = verdict_of(project, lambda image: run(broken, image))
    if verdict.difference is not None:
        assert verdict.cause is not None
        assert (verdict.difference.layer, verdict.cause.kind) == (node.layer, CauseKind.CONSTANTS)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_layer_that_is_wrong_everywhere_is_wrong_code(name: str, tmp_path: Path) -> None:
    project = project_of(name, tmp_path)
    if not project.traced:
        pytest.skip("nothing is traced")
    first = project.traced[0]

    def inverted(image: Array) -> dict[int, Array]:
        right = run(project.graph, image)
        return {t: np.invert(value) if t == first else value for t, value in right.items()}

    verdict = verdict_of(project, inverted)
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.CODE
