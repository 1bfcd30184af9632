"""Kernels for cores without the DSP extension: which layers get them, their scaling, both layouts of weights."""

import ctypes
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.compiled.test_generated_c import assert_equal_to_golden
from tests.support.compiled import HOOK, LIBRARY, SANITIZE, STRICT, Compiled, write_network
from tests.support.models import INT8_MODELS, read
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.places import SUPPORT

HERE: Final = SUPPORT
ROWS: Final = CORES["cortex-m0plus"]
KINDS: Final = {
    "conv": ["conv_2d_fours"],
    "conv_valid": ["conv_2d_fours"],
    "conv_strided": ["conv_2d_fours"],
    "conv_pointwise": ["pointwise_conv_2d_fours"],
    "conv_dilated": ["conv_2d_fours"],
    "depthwise": ["depthwise_conv_2d_taps"],
    "depthwise_strided": ["depthwise_conv_2d_taps"],
    "depthwise_dilated": ["depthwise_conv_2d_taps"],
    "depthwise_multiplier_8": ["depthwise_conv_2d"],
    "depthwise_multiplier_3": ["depthwise_conv_2d"],
    "dense": ["fully_connected_fours"],
}


def kinds(graph: Graph, core: str = "host") -> list[str]:
    chosen = choose_kernels(graph, CORES[core].families).names
    return [chosen[n.output] for n in graph.nodes if n.output in chosen]


@pytest.mark.parametrize("name", KINDS)
def test_a_layer_gets_the_fastest_kernel_whose_conditions_hold(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    assert kinds(graph) == KINDS[name]
    assert kinds(graph, "cortex-m0") == [kind.replace("_fours", "_rows") for kind in KINDS[name]]


def test_a_shift_to_the_left_is_left_to_the_general_kernel() -> None:
    build = Builder(1)
    graph = build.finish("left", build.conv(build.input(1, 4, 4, 2), 4, (1, 1), wide=20_000.0))
    assert kinds(graph) == ["conv_2d"]


def test_a_kernel_of_more_taps_than_the_stack_is_given_is_left_to_the_general_one() -> None:
    build = Builder(1)
    graph = build.finish("large", build.depthwise(build.input(1, 9, 9, 2), (9, 9)))
    assert kinds(graph) == ["depthwise_conv_2d"]


def test_all_of_vww_runs_on_fast_kernels() -> None:
    assert not {"conv_2d", "depthwise_conv_2d", "fully_connected"}.intersection(
        kinds(optimize(read("vww_96_int8")).graph)
    )


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_scaling_in_pieces_and_with_one_offset_is_scaling(compiler: str, tmp_path: Path) -> None:
    """Why it holds stands in dw_plain.h; here for 4 million values of every magnitude and a stretch of all sums."""
    program = tmp_path / "scaling"
    flags = (*STRICT, *SANITIZE[compiler], *LIBRARY, "-O2")
    subprocess.run([compiler, *flags, str(HERE / "plain_scaling.c"), "-o", str(program)], check=True)
    run = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def compiled_by_rows(graph: Graph, folder: Path) -> Compiled:
    """The C of a core with weights by rows; on this machine plain C stands in for its assembly."""
    made = optimize(graph)
    view = write_network(choose(made.graph), folder, core=ROWS)
    (folder / "hook.c").write_text(HOOK)
    library = folder / "net.so"
    command = ["gcc", "-O1", "-shared", "-fPIC", *STRICT, *SANITIZE["gcc"], f"-I{folder}", *LIBRARY]
    subprocess.run([*command, str(folder / "net.c"), str(folder / "hook.c"), "-o", str(library)], check=True)
    return Compiled(made.graph, view.traced, ctypes.CDLL(str(library)), made)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_with_weights_by_rows_equal_the_golden_model(name: str, tmp_path: Path) -> None:
    assert_equal_to_golden(compiled_by_rows(read(name), tmp_path), random=1)


@pytest.mark.parametrize("seed", range(200, 224))
def test_generated_networks_with_weights_by_rows_equal_the_golden_model(seed: int, tmp_path: Path) -> None:
    assert_equal_to_golden(compiled_by_rows(random_network(seed), tmp_path), random=2)
