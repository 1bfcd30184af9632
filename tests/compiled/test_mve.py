"""Kernels for Helium: the vectors' plain twins on random values, and whole networks."""

import ctypes
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.mve.scales import suffix_of
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.registry import has_weights
from depthwise.codegen.schedule import choose
from tests.support.compiled import LIBRARY, SANITIZE, STRICT
from tests.support.dsp_networks import at_minimum
from tests.support.exactness import problem_of
from tests.support.mve_networks import CORE, kinds
from tests.support.narrow import inputs
from tests.support.network_builder import Builder
from tests.support.networks import conv_network, dense_network, depthwise_network
from tests.support.places import SUPPORT
from tests.support.programs import Case

ROUNDS: Final = 250_000
HERE: Final = SUPPORT


def sum_network(seed: int, width: int) -> Graph:
    """Two convolutions of one image, added."""
    build = Builder(seed)
    image = build.input(1, 5, width, 3)
    build.add(build.conv(image, activation=Activation.NONE), build.conv(image), Activation.NONE)
    return build.finish("sum")


NETWORKS: Final[dict[str, Callable[[], Graph]]] = {
    "pairs of pixels": lambda: conv_network(shape=(6, 8, 16), channels=12, kernel=(1, 1)),
    "a single pixel and three channels": lambda: conv_network(shape=(6, 7, 17), channels=7, kernel=(1, 1)),
    "strided pixels": lambda: conv_network(shape=(6, 7, 5), channels=5, kernel=(1, 1), stride=(2, 2)),
    "patches": lambda: conv_network(shape=(9, 9, 3), channels=8, stride=(2, 2)),
    "patches with dilation": lambda: conv_network(shape=(11, 12, 4), channels=6, dilation=(2, 2)),
    "patches of a linear layer": lambda: conv_network(kernel=(5, 4), channels=9, activation=Activation.NONE),
    "a matrix": lambda: dense_network(inputs=37, outputs=11),
    "sixteen channels": lambda: depthwise_network(shape=(8, 9, 16)),
    "more than sixteen channels": lambda: depthwise_network(shape=(8, 6, 45), activation=Activation.NONE),
    "pixels abreast": lambda: depthwise_network(shape=(8, 21, 8)),
    "many pixels abreast": lambda: depthwise_network(shape=(8, 40, 1), kernel=(2, 5), same=False),
    "strides": lambda: depthwise_network(shape=(9, 10, 8), stride=(2, 2)),
    "an even number of taps": lambda: depthwise_network(shape=(9, 10, 20), kernel=(2, 2), dilation=(2, 3)),
    "sums": lambda: sum_network(4, 6),
    "sums of an odd count": lambda: sum_network(5, 7),
}


def checks(folder: Path) -> ctypes.CDLL:
    """The file mve_check.c as a library of this machine."""
    library = folder / "check.so"
    command = ["gcc", "-O2", "-shared", "-fPIC", *STRICT, *SANITIZE["gcc"], *LIBRARY, str(HERE / "mve_check.c")]
    subprocess.run([*command, "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def weighted(graph: Graph, change: Callable[[np.ndarray[Any, Any]], None]) -> Graph:
    """The same network with other weights in its only layer."""
    index = graph.nodes[0].inputs[1]
    data = graph.tensors[index].data
    assert data is not None
    changed = data.copy()
    change(changed)
    tensors = tuple(replace(t, data=changed) if t.index == index else t for t in graph.tensors)
    return replace(graph, tensors=tensors)


def problem_with(graph: Graph, folder: Path) -> str:
    images = inputs(graph, 0, random=2)
    case = replace(Case.of("net", choose(graph, "auto", variant(graph, CORE)), images), core=CORE)
    return str(problem_of([case], folder) or "")


@pytest.mark.parametrize("name", ["check_scaling", "check_narrowing"])
def test_vectors_scale_and_narrow_as_the_scalar_helpers_do(name: str, tmp_path: Path) -> None:
    assert getattr(checks(tmp_path), name)(12345, ROUNDS) == 0


def test_networks_have_layers_in_every_form() -> None:
    """Rounded upward, halves away from zero, and on a line: where zero points are at the minimum."""
    given = [NETWORKS[name]() for name in NETWORKS]
    suffixes = {suffix_of(Layer(g, n)) for g in (*given, *map(at_minimum, given)) for n in g.nodes if has_weights(n.op)}
    assert suffixes == {"", "_signed", "_line"}


@pytest.mark.parametrize("name", NETWORKS)
def test_helium_kernels_on_a_line_equal_the_golden_model(name: str, tmp_path: Path) -> None:
    graph = at_minimum(NETWORKS[name]())
    assert all(kind.endswith("_mve") for kind in kinds(graph))
    assert problem_with(graph, tmp_path) == ""


@pytest.mark.parametrize("name", NETWORKS)
def test_helium_kernels_equal_the_golden_model(name: str, tmp_path: Path) -> None:
    graph = NETWORKS[name]()
    assert all(kind.endswith("_mve") for kind in kinds(graph))
    assert problem_with(graph, tmp_path) == ""


def test_pairs_of_extreme_weights_stay_within_int16_and_larger_ones_go_to_the_plain_kernel(tmp_path: Path) -> None:
    def extreme(data: np.ndarray[Any, Any]) -> None:
        data[...] = -128
        data.reshape(-1, data.shape[3])[1::2] = -127

    graph = depthwise_network(shape=(5, 6, 16))
    fitting = weighted(graph, extreme)
    assert kinds(fitting) == {"depthwise_conv_2d_mve"}
    assert problem_with(fitting, tmp_path) == ""
    assert kinds(weighted(graph, lambda data: data.fill(-128))) == {"depthwise_conv_2d_taps"}
