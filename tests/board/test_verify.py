"""Verification end to end: real firmware as a process and on QEMU, whole and damaged."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.emit.blob import packed
from depthwise.codegen.errors import InputError, ProjectError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.layer_data import data_of
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.targets.cores import core
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.explain.cause import CauseKind
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import ElementPlace, Verdict
from tests.support.models import INT8_MODELS, model_path
from tests.support.projects import built

BOARDS = ["host", *(pytest.param(b, marks=pytest.mark.board) for b in ("netduinoplus2", "netduino2-20k"))]


def verified(project: Project, firmware: Path | None = None, count: int = 2) -> Verdict:
    image = firmware or project.firmware
    with virtual_board(image, project.board) as url, Link.open(url) as link:
        return verify(project, link, generated_inputs(project.graph, count, seed=0))


@pytest.mark.parametrize("board_name", BOARDS)
def test_the_bundled_model_is_equal_on_every_tensor(board_name: str) -> None:
    verdict = verified(built(board_name), count=6)
    assert verdict.equal
    assert verdict.inputs == 6
    assert verdict.tensors == 15
    assert verdict.damaged_frames == 0


@pytest.mark.board
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_equal_on_the_virtual_stm32(name: str) -> None:
    verdict = verified(built("netduinoplus2", model_path(name)), count=2)
    assert verdict.equal, str(verdict.difference)
    assert 0 < verdict.stack_bytes < 4096


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_equal_on_the_host_board(name: str) -> None:
    assert verified(built("host", model_path(name)), count=6).equal


@pytest.mark.board
def test_a_run_on_the_virtual_stm32_counts_the_same_every_time() -> None:
    first, second = (verified(built("netduinoplus2"), count=1) for _ in range(2))
    assert first.ticks == second.ticks > 0
    assert first.stack_bytes == second.stack_bytes > 0


def break_weight(project: Project, layer: int, at: tuple[int, ...], folder: Path) -> tuple[Path, Array, Array]:
    """Flip bits of one weight in a copy of the image; the image, and the layer's output before and after."""
    graph = project.graph
    node = next(n for n in graph.nodes if n.layer == layer)
    tensor = graph.tensors[node.inputs[1]]
    assert tensor.data is not None
    weights = tensor.data.copy()
    weights[at] ^= 0x55
    tensors = list(graph.tensors)
    tensors[tensor.index] = replace(tensor, data=weights)
    # The generated bias has the zero point times the sum of the whole weights in it already.
    source, bias = (graph.tensors[i] for i in (node.inputs[0], node.inputs[2]))
    assert source.quantization is not None
    assert bias.data is not None
    moved = bias.data.copy()
    moved[at[0]] += source.quantization.zero_point * (int(weights[at]) - int(tensor.data[at]))
    tensors[bias.index] = replace(bias, data=moved)
    broken = replace(graph, tensors=tuple(tensors))
    _, picture = next(iter(generated_inputs(graph, 1, seed=0)))
    image = damaged_image(project, broken, node, folder)
    return image, run(graph, picture)[node.output], run(broken, picture)[node.output]


def damaged_image(project: Project, broken: Graph, node: Node, folder: Path) -> Path:
    """The firmware with one layer's constants, as its kernel has them packed, exchanged for a broken network's."""
    content = project.firmware.read_bytes()
    kernels = choose_kernels(project.graph, core(project.board.core))
    whole, damaged = (data_of(kernels, g, node, "data") for g in (project.graph, broken))
    assert whole is not None
    assert damaged is not None
    for old, new in zip(whole.arrays, damaged.arrays, strict=True):
        if old != new:
            assert content.count(packed(old)) == 1
            content = content.replace(packed(old), packed(new))
    assert content != project.firmware.read_bytes()
    image = folder / "broken.elf"
    shutil.copy(project.firmware, image)
    image.write_bytes(content)
    return image


@pytest.mark.parametrize("board_name", BOARDS)
@pytest.mark.parametrize(("layer", "at"), [(0, (3, 1, 1, 0)), (2, (5, 0, 0, 2))])
def test_one_broken_weight_is_named_by_layer_row_column_and_channel(
    board_name: str, layer: int, at: tuple[int, ...], tmp_path: Path
) -> None:
    project = built(board_name)
    image, before, after = break_weight(project, layer, at, tmp_path)
    row, column, channel = (int(i) for i in np.argwhere(before[0] != after[0])[0])
    verdict = verified(project, image)
    difference, cause = verdict.difference, verdict.cause
    assert difference is not None
    assert difference.place == ElementPlace(
        row, column, channel, before[0, row, column, channel], after[0, row, column, channel]
    )
    assert channel == at[0]
    assert difference.seen == difference.runs > 3
    assert difference.excerpt is not None
    assert 0 < difference.excerpt.differing < len(difference.excerpt.got) == 64
    assert f"layer {layer} (CONV_2D), row {row}, column {column}, channel {channel}" in str(difference)
    assert cause is not None
    assert cause.kind is CauseKind.CONSTANTS
    assert (
        f"the weight at kernel row {at[1]}, column {at[2]}, input channel {at[3]} of channel {at[0]}" in cause.summary
    )


def test_a_difference_without_trace_is_found_in_the_scores(tmp_path: Path) -> None:
    project = built("host", trace=False)
    last = max(n.layer for n in project.graph.nodes if len(n.inputs) == 3)
    image, _, _ = break_weight(project, last, (0, 0), tmp_path)
    verdict = verified(project, image, count=6)
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.UNLOCATED
    assert "--trace" in verdict.cause.next_step


def test_firmware_of_another_model_is_stale_and_nothing_is_compared(tmp_path: Path) -> None:
    model = tmp_path / "other.tflite"
    model.write_bytes(MODEL.read_bytes() + b"\0")
    other = built("host", model)
    with pytest.raises(ProjectError, match=r"stale firmware.*build and flash"):
        verified(built("host"), other.firmware)


def test_a_difference_in_a_narrowed_layer_speaks_of_the_models_own_channel(tmp_path: Path) -> None:
    """Layer 18 of VWW keeps 19 of its 128 channels; a weight of the fourth that is left is broken."""
    project = built("host", model_path("vww_96_int8"))
    image, before, after = break_weight(project, 18, (3, 0, 0, 5), tmp_path)
    row, column, left = (int(i) for i in np.argwhere(before[0] != after[0])[0])
    kept = project.made.survivors[next(n.output for n in project.graph.nodes if n.layer == 18)].kept
    assert (len(kept), left) == (19, 3)
    verdict = verified(project, image)
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert (verdict.difference.layer, verdict.difference.place.row, verdict.difference.place.column) == (
        18,
        row,
        column,
    )
    assert verdict.difference.place.channel == kept[3] != 3
    assert verdict.cause is not None
    assert f"of channel {kept[3]} is" in verdict.cause.summary


def test_a_channel_that_is_not_as_constant_as_claimed_is_reported_as_our_bug() -> None:
    project = built("host", model_path("vww_96_int8"))
    node = next(n for n in project.reference.nodes if n.layer == 18)
    survivor = project.made.survivors[node.output]
    wrong = replace(survivor, values=survivor.values + np.int8(1))
    made = replace(project.made, survivors={**project.made.survivors, node.output: wrong})
    verdict = verified(replace(project, made=made))
    assert verdict.difference is not None
    assert verdict.difference.place is not None
    assert (verdict.difference.layer, verdict.difference.place.channel) == (18, survivor.known[0])
    assert verdict.cause is not None
    assert verdict.cause.kind is CauseKind.TOOL


@pytest.mark.parametrize("board_name", BOARDS)
def test_a_trace_build_finds_an_input_outside_of_the_promised_range(board_name: str) -> None:
    project = built(board_name, passes=PassOptions(input_range=(-100, 90)))
    inside = list(generated_inputs(project.graph, 3, 0, project.passes.input_range))
    outside = inside[0][1].copy()
    outside.flat[77] = 91
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, inside).equal
        with pytest.raises(InputError, match=r"value 91 at position 77.*-100\.\.90"):
            verify(project, link, [("mine", outside)])
        hello = link.hello()
        with pytest.raises(InputError, match=r"board found input value 91 at position 77"):
            link.infer(outside.tobytes(), hello)
        assert link.infer(inside[0][1].tobytes(), hello).output
