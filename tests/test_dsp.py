"""Kernels for the DSP extension: the identities they rest on, and what they compute, on the host and on a board."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.boards import board
from depthwise.codegen.build_views import variant
from depthwise.codegen.cores import CORES
from depthwise.codegen.dsp_kernels import ALL, NONE
from depthwise.codegen.export import ExportOptions, export
from depthwise.codegen.fixedpoint import doubling_high_multiply, rounding_divide
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels import choose_kernels
from depthwise.codegen.operations import Activation, Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.passes import optimize
from depthwise.codegen.pipeline import choose
from depthwise.codegen.tflite.writer import write_model
from depthwise.host.build import build
from depthwise.host.inputs import generated_inputs
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.virtual import virtual_board

from .compiled import LIB, STRICT
from .dsp_networks import separable_chain
from .exactness import problem_of
from .models import read
from .network_builder import Builder
from .programs import Case
from .test_narrow import inputs

M4 = CORES["cortex-m4"]
WIDTHS = range(4, 17)
SCALED = """
#include "dw_dsp.h"
void scaled(const int32_t *sums, int count, struct dw_scale scale, int8_t *unsigned_out, int8_t *signed_out);
void scaled(const int32_t *sums, int count, struct dw_scale scale, int8_t *unsigned_out, int8_t *signed_out)
{
    for (int i = 0; i < count; i++) {
        unsigned_out[i] = dw_scaled((int32_t)(2u * (uint32_t)sums[i]), scale);
        signed_out[i] = dw_scaled_signed((int32_t)(2u * (uint32_t)sums[i]), scale);
    }
}
"""


class Scale(ctypes.Structure):
    _fields_ = [("multiplier", ctypes.c_int32), ("offset", ctypes.c_int32), ("shift", ctypes.c_int32)]


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The scaling of the kernels, as plain C."""
    folder: Path = tmp_path_factory.mktemp("scaled")
    (folder / "scaled.c").write_text(SCALED)
    library = folder / "scaled.so"
    command = ["gcc", "-O1", "-shared", "-fPIC", *STRICT, f"-I{LIB}", str(folder / "scaled.c"), "-o", str(library)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))


def reference(sums: np.ndarray, multiplier: int, shift: int, zero: int, least: int) -> np.ndarray:  # type: ignore[type-arg]
    """TensorFlow Lite Micro's two roundings, the zero point and the clamp."""
    value = rounding_divide(doubling_high_multiply(sums.astype(np.int64), multiplier), shift) + zero
    return np.clip(value, least, 127).astype(np.int8)


@pytest.mark.parametrize("shift", range(23))
def test_scaling_in_one_step_equals_both_roundings_and_the_clamp(shift: int, scaled: ctypes.CDLL) -> None:
    """Every sum near zero and near each end of int8, and a million over the whole range, for each shift."""
    rng = np.random.default_rng(shift)
    reach = min(2**30 - 1, 300 << (shift + 1))
    near = [
        np.arange(-70_000, 70_000),
        rng.integers(-reach, reach + 1, 500_000),
        rng.integers(-(2**30), 2**30, 500_000),
    ]
    sums = np.concatenate([*near, np.array([-(2**30) + 1, 2**30 - 1])]).astype(np.int32)
    for multiplier in (2**30, 2**31 - 1, int(rng.integers(2**30, 2**31))):
        for zero in (-128, -5, 0, 7, 127):
            offset = ((1 << (shift - 1)) if shift else 0) + zero * (1 << shift)
            hidden, seen = np.zeros(len(sums), np.int8), np.zeros(len(sums), np.int8)
            pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (sums, hidden, seen)]
            scaled.scaled(pointers[0], len(sums), Scale(multiplier, offset, shift), pointers[1], pointers[2])
            clamped = np.maximum(hidden, zero)  # a clamp at the zero point hides the correction
            assert (clamped == reference(sums, multiplier, shift, zero, zero)).all()
            if shift:
                assert (seen == reference(sums, multiplier, shift, zero, -128)).all()


def cases(graph: Graph, name: str, widening: int) -> list[Case]:
    return [
        Case.of(name, choose(graph, "auto", variant(graph, M4, widening)), inputs(graph, 5, random=2), M4, widening)
    ]


@pytest.mark.parametrize("widening", [NONE, ALL])
@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE, Activation.RELU6])
def test_chains_of_every_width_equal_the_golden_model(widening: int, activation: Activation, tmp_path: Path) -> None:
    made: list[Case] = []
    for width in WIDTHS:
        made += cases(optimize(separable_chain(width, activation)).graph, f"net{width}", widening)
    assert problem_of(made, tmp_path) is None


def test_chains_reach_the_fast_kernels() -> None:
    kinds: set[str] = set()
    for activation in (Activation.RELU, Activation.NONE):
        for width in WIDTHS:
            kinds |= set(choose_kernels(optimize(separable_chain(width, activation)).graph, M4).kinds.values())
    assert {"conv_2d_dsp", "depthwise_conv_2d_dsp", "fully_connected_dsp", "add_dsp"} <= kinds


def test_vww_is_computed_by_fast_kernels_but_for_its_narrowest_rows() -> None:
    graph = optimize(read("vww_96_int8")).graph
    kinds = choose_kernels(graph, M4)
    weighted = [n for n in graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D | FullyConnected)]
    slow = [n.layer for n in weighted if not kinds.kind(n).endswith("_dsp")]
    assert slow == [25]


@pytest.mark.board
@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
@pytest.mark.parametrize("width", WIDTHS)
def test_instructions_compute_what_their_twins_do(width: int, activation: Activation, tmp_path: Path) -> None:
    model = tmp_path / "chain.tflite"
    model.write_bytes(write_model(separable_chain(width, activation)))
    options = ExportOptions(board("netduinoplus2"), trace=True, widening=(NONE, ALL)[width % 2])
    export(model, tmp_path / "p", options)
    project = open_project(tmp_path / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 6, seed=0)).equal


def test_rows_and_channels_that_instructions_cannot_step_over_are_left_to_plain_kernels() -> None:
    for width, channels, fast in ((4, 2047, True), (4, 2048, False), (4095, 3, True), (4096, 3, False)):
        build = Builder(1)
        x = build.conv(build.input(1, 3, width, 1), channels, (1, 1), activation=Activation.NONE)
        x = build.depthwise(x, (3, 3), activation=Activation.NONE)
        graph = build.finish("large", x)
        assert ("depthwise_conv_2d_dsp" in choose_kernels(graph, M4).kinds.values()) == fast
