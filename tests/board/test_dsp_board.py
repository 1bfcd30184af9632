"""Instructions of the DSP extension on a board compute what their twins in C do."""

from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import ALWAYS, NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.dsp_networks import (
    WIDTHS,
    columns_chain,
    dense_chain,
    depthwise_rows,
    matrices,
    padded_grid,
    separable_chain,
    shared_rows,
    turned_chain,
    uneven_chain,
    vectors_chain,
    with_least_weights,
    with_tiny_scales,
)
from tests.support.extreme_networks import extreme_chain
from tests.support.steep_networks import with_steep_channels


def verified(graph: Graph, folder: Path, int16_from: int) -> bool:
    """Whether a network computes on the board what the golden model does; int8 weights as for flash that waits."""
    target = replace(board("netduinoplus2"), flash_wait_states=5 if int16_from == NEVER else 0)
    model = folder / "net.tflite"
    model.write_bytes(write_model(graph))
    export(model, folder / "p", ExportOptions(board=target, trace=True, int16_from=int16_from))
    project = open_project(folder / "p")
    build(project)
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        return verify(project, link, generated_inputs(project.graph, 6, seed=0)).equal


@pytest.mark.parametrize(
    ("width", "activation"),
    [*((w, Activation.RELU) for w in WIDTHS), *((w, Activation.NONE) for w in (4, 5, 6, 7, 8, 9, 13, 16))],
)
def test_instructions_compute_what_their_twins_do(width: int, activation: Activation, tmp_path: Path) -> None:
    """Weights two in a lane and, beside ones of -128, as bytes or as int16."""
    graph, int16_from = separable_chain(width, activation), (NEVER, ALWAYS)[width % 2]
    assert verified(with_least_weights(graph) if width % 4 < 2 else graph, tmp_path, int16_from)


@pytest.mark.parametrize(
    ("graph", "int16_from"),
    [
        (columns_chain(13, channels=16), NEVER),
        (columns_chain(14, Activation.NONE, channels=16), NEVER),
        (with_least_weights(columns_chain(13)), NEVER),
        (columns_chain(6), ALWAYS),
        (uneven_chain(14), NEVER),
        (uneven_chain(31, Activation.NONE), ALWAYS),
    ],
    ids=lambda given: given.name if isinstance(given, Graph) else "",
)
def test_columns_of_larger_kernels_compute_what_their_twins_do(graph: Graph, int16_from: int, tmp_path: Path) -> None:
    assert verified(graph, tmp_path, int16_from)


@pytest.mark.parametrize(("width", "channels"), [(5, 1025), (6, 821), (6, 820), (8, 1030), (4, 2050)])
def test_outputs_that_are_far_apart_are_what_the_twins_say(width: int, channels: int, tmp_path: Path) -> None:
    """Rows of five and six columns at once, on both sides of what an instruction reaches, and others.

    Two pixels may be further apart than an instruction adds.
    """
    assert verified(depthwise_rows(width, channels), tmp_path, NEVER)


def test_two_pixels_that_are_further_apart_than_an_instruction_adds_are_what_the_twins_say(tmp_path: Path) -> None:
    """Outputs that are not on lines."""
    assert verified(depthwise_rows(4, 2050, activation=Activation.NONE), tmp_path, NEVER)


@pytest.mark.parametrize(("width", "channels"), [(5, (7, 12, 1)), (6, (1, 830, 9, 9))])
def test_layers_of_different_channels_that_share_a_function_are_what_the_twins_say(
    width: int, channels: tuple[int, ...], tmp_path: Path
) -> None:
    """Few channels and more than an immediate reaches over; rows outside of the image above and below."""
    assert verified(shared_rows(width, channels), tmp_path, NEVER)


@pytest.mark.parametrize(("width", "same"), [(22, True), (24, False), (25, True), (26, True), (27, False), (29, True)])
def test_pairs_of_outputs_at_stride_two_are_what_the_twins_say(width: int, same: bool, tmp_path: Path) -> None:
    """A loop of pairs and what is left of it: none, one, a pair, or both."""
    assert verified(depthwise_rows(width, 5, 2, same=same), tmp_path, NEVER)


@pytest.mark.parametrize(("inputs", "activation"), [(701, Activation.NONE), (6, Activation.RELU6)])
def test_weights_in_pairs_compute_what_their_twins_do(inputs: int, activation: Activation, tmp_path: Path) -> None:
    graph = dense_chain(inputs, activation, extreme=inputs > 508, per_channel=inputs % 2 == 0)
    assert verified(graph, tmp_path, NEVER)


@pytest.mark.parametrize(
    ("graph", "int16_from"),
    [
        (vectors_chain(7, 70), NEVER),
        (vectors_chain(4, 9, Activation.NONE), ALWAYS),
        (with_least_weights(vectors_chain(20, 64)), NEVER),
    ],
    ids=lambda given: given.name if isinstance(given, Graph) else "",
)
def test_several_vectors_compute_what_their_twins_do(graph: Graph, int16_from: int, tmp_path: Path) -> None:
    assert verified(graph, tmp_path, int16_from)


@pytest.mark.parametrize(("depth", "columns"), [(3, 3), (17, 9), (64, 6)])
def test_matrices_compute_what_their_twins_do(depth: int, columns: int, tmp_path: Path) -> None:
    assert verified(matrices(depth, columns, transposed=depth == 17, constant=depth != 3), tmp_path, NEVER)


@pytest.mark.parametrize(
    ("width", "activation"), [(9, Activation.RELU), (12, Activation.NONE), (11, Activation.RELU_N1_TO_1)]
)
def test_rows_that_are_turned_compute_what_their_twins_do(width: int, activation: Activation, tmp_path: Path) -> None:
    assert verified(turned_chain(width, 19, activation), tmp_path, NEVER)


@pytest.mark.parametrize(
    "graph",
    [
        padded_grid(10),
        padded_grid(8, Activation.RELU_N1_TO_1),
        with_tiny_scales(padded_grid(3)),
        padded_grid(1, Activation.NONE),
    ],
    ids=["line", "clamped", "scaled", "signed"],
)
def test_rows_that_are_padded_compute_what_their_twins_do(graph: Graph, tmp_path: Path) -> None:
    assert verified(graph, tmp_path, NEVER)


@pytest.mark.parametrize(("width", "channels"), [(5, 7), (3, 2), (4, 8)])
def test_the_larger_and_the_smaller_of_four_are_what_their_twins_say(width: int, channels: int, tmp_path: Path) -> None:
    assert verified(extreme_chain(width, channels), tmp_path, NEVER)


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.NONE])
def test_channels_that_are_shifted_to_the_left_are_computed_on_a_board(activation: Activation, tmp_path: Path) -> None:
    for number, usual in enumerate(
        (separable_chain(9, activation), columns_chain(8, activation), dense_chain(13), padded_grid(8, activation))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert verified(with_steep_channels(usual, (1.6, 0.7, 25.0)), folder, NEVER)
