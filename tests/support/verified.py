"""Boards verified, whole and with one broken weight."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.emit.blob import packed
from depthwise.codegen.errors import InputError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.layer_data import layer_data
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.targets.boards import core_of
from depthwise.host.demo import load_digits
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.explain.cause import CauseKind
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import ElementPlace, Verdict
from tests.support.commands import call
from tests.support.labelled import digit_pictures
from tests.support.projects import built


def verified(project: Project, firmware: Path | None = None, count: int = 2) -> Verdict:
    image = firmware or project.firmware
    with virtual_board(image, project.board) as url, Link.open(url) as link:
        return verify(project, link, generated_inputs(project.graph, count, seed=0))


def break_weight(project: Project, layer: int, at: tuple[int, ...], folder: Path) -> tuple[Path, Array, Array]:
    """Flip bits of one weight in a copy of the image; the image, and the layer's output before and after."""
    graph = project.graph
    node = next(n for n in graph.nodes if n.layer == layer)
    for bits in (0x55, 0x15, 0x05, 0x01):
        broken = with_flipped(graph, node, at, bits)
        whole, damaged = packed_both(project, broken, node)
        if [len(a) for a in whole] == [len(a) for a in damaged]:
            break  # else weights that left a group would be packed in another way, which no damage does
    _, picture = next(iter(generated_inputs(graph, 1, seed=0)))
    image = damaged_image(project, whole, damaged, folder)
    return image, run(graph, picture)[node.output], run(broken, picture)[node.output]


def with_flipped(graph: Graph, node: Node, at: tuple[int, ...], bits: int) -> Graph:
    """A network with one other weight; the generated bias has the zero point times the sum of the whole ones in it."""
    tensor, source, bias = (graph.tensors[node.inputs[k]] for k in (1, 0, 2))
    assert tensor.data is not None
    assert source.quantization is not None
    assert bias.data is not None
    weights, moved = tensor.data.copy(), bias.data.copy()
    weights[at] ^= bits
    moved[at[0]] += source.quantization.zero_point * (int(weights[at]) - int(tensor.data[at]))
    tensors = list(graph.tensors)
    tensors[tensor.index], tensors[bias.index] = replace(tensor, data=weights), replace(bias, data=moved)
    return replace(graph, tensors=tuple(tensors))


def packed_both(project: Project, broken: Graph, node: Node) -> tuple[list[bytes], list[bytes]]:
    """A layer's constants as its kernel has them packed, and those of a broken network."""
    chosen = choose_kernels(project.graph, core_of(project.board).families).of(node)
    hurt = replace(chosen, layer=replace(chosen.layer, graph=broken))
    whole, damaged = (layer_data(c, "data") for c in (chosen, hurt))
    assert whole is not None
    assert damaged is not None
    return [packed(a) for a in whole.arrays], [packed(a) for a in damaged.arrays]


def damaged_image(project: Project, whole: list[bytes], damaged: list[bytes], folder: Path) -> Path:
    """The firmware with one layer's constants exchanged for others."""
    content = project.firmware.read_bytes()
    for old, new in zip(whole, damaged, strict=True):
        if old != new:
            assert content.count(old) == 1
            content = content.replace(old, new)
    assert content != project.firmware.read_bytes()
    image = folder / "broken.elf"
    shutil.copy(project.firmware, image)
    image.write_bytes(content)
    return image


def assert_bundled_model_equal(board_name: str) -> None:
    """The bundled model on a board, every tensor of six inputs."""
    verdict = verified(built(board_name), count=6)
    assert verdict.equal
    assert verdict.inputs == 6
    assert verdict.tensors == 15
    assert verdict.damaged_frames == 0


def assert_broken_weight_named(board_name: str, layer: int, at: tuple[int, ...], tmp_path: Path) -> None:
    """One broken weight is named by layer, row, column and channel."""
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


def assert_broken_promise_found(board_name: str) -> None:
    """A trace build finds an input outside of the promised range."""
    project = built(board_name, passes=PassOptions(input_range=(-100, 90)))
    inside = list(generated_inputs(project.graph, 3, 0, project.passes.input_range))
    ((tensor, first),) = inside[0][1].items()
    outside = first.copy()
    outside.flat[77] = 91
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        assert verify(project, link, inside).equal
        with pytest.raises(InputError, match=r"value 91 at position 77.*-100\.\.90"):
            verify(project, link, [("mine", outside)])
        hello = link.hello()
        with pytest.raises(InputError, match=r"board found input value 91 at position 77"):
            link.infer(project.sent({tensor: outside}), hello)
        assert link.infer(project.sent(inside[0][1]), hello).output


def assert_accuracy_is_the_golden_model_s(board_name: str, folder: Path) -> None:
    """`verify --images` on a virtual board: to each picture it answers what the golden model does by itself."""
    project, pictures = built(board_name), digit_pictures(folder / "digits")
    done = call("verify", project.folder, "--virtual", "--images", pictures, "--json")
    assert done.exit_code == 0, done.stderr
    found, bundled = json.loads(done.stdout)["accuracy"], load_digits()
    answers = run(project.reference, bundled.images)[project.reference.outputs[0]].reshape(len(bundled.labels), -1)
    wanted = {
        f"{label}/{at:03}.png": (str(label), str(answer))
        for at, (label, answer) in enumerate(zip(bundled.labels, answers.argmax(axis=1), strict=True))
    }
    assert {p["picture"]: (p["shown"], p["board"]) for p in found["pictures"]} == wanted
    assert all(p["board"] == p["golden"] for p in found["pictures"])
    assert found["board"] == found["golden"]
    assert found["board"]["right"] == sum(shown == answer for shown, answer in wanted.values())
