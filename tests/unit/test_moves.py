"""Operators that only move elements: their loops, formulas of rows, dilation as converters write it, and floats."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.floats import run as run_float
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.kernels.general.nests import FILL, Item, Run, nest
from depthwise.codegen.operators import (
    BatchToSpaceNd,
    Concatenation,
    Conv2D,
    DepthwiseConv2D,
    Relu,
    ResizeBilinear,
    ResizeNearestNeighbor,
    SpaceToBatchNd,
    Tile,
    Transpose,
)
from depthwise.codegen.operators.parts.formulas import fit
from depthwise.codegen.operators.validate import validate
from depthwise.codegen.passes import lower, optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.quantize.quantize import quantize
from depthwise.codegen.targets.boards import board
from tests.support.float_networks import images, in_floats
from tests.support.move_networks import MOVES
from tests.support.network_builder import Builder
from tests.support.networks import image
from tests.support.oracles import differing, litert
from tests.support.quantizing import in_batches


def written(items: tuple[Item, ...], at: dict[int, int]) -> list[tuple[int, int]]:
    """Source and place of each byte that items write, in order."""
    found: list[tuple[int, int]] = []
    for item in items:
        if isinstance(item, Run):
            start = item.start + (0 if item.source == FILL else at.get(item.source, 0))
            found += [(item.source, start + (0 if item.source == FILL else i)) for i in range(item.length)]
            continue
        for turn in range(item.count):
            moved = {s: at.get(s, 0) + turn * step for s, step in item.steps}
            if item.table:
                moved = {s: at.get(s, 0) + item.table[turn] for s in range(4)}
            found += written(item.body, {**at, **moved})
    return found


@pytest.mark.parametrize("seed", range(60))
def test_loops_write_what_they_are_made_from(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = tuple(int(n) for n in rng.integers(1, 6, 3))
    place = np.arange(np.prod(sizes) * 2).reshape(2, *sizes)
    joined = np.concatenate([place[0], place[1][:, : rng.integers(1, sizes[1] + 1)]], axis=1)
    taken = joined.transpose(*rng.permutation(3))[:, :: rng.choice([1, -1])]
    padded = np.pad(taken, ((0, 0), (int(rng.integers(3)), 0), (0, int(rng.integers(3)))), constant_values=-1)
    chosen = padded[:, rng.integers(0, padded.shape[1], 9)] if rng.integers(2) else padded.repeat(2, axis=1)
    source = np.where(chosen < 0, FILL, chosen % 2 if rng.integers(2) else 0)
    found = written(nest(source.ravel(), chosen.ravel(), chosen.shape), {})
    assert found == list(zip(source.ravel().tolist(), chosen.ravel().tolist(), strict=True))


@pytest.mark.parametrize("seed", range(100))
def test_a_formula_gives_the_rows_that_it_was_made_from(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = (int(n) for n in rng.integers(1, 300, 2))
    rows = [int((y + rng.choice([0.0, 0.5])) * before / after) for y in range(after)]
    mirrored = [abs(y - 3) for y in range(before)]
    for values in (rows, mirrored, rows[::-1], [7] * after):
        formula = fit(values)
        assert formula is None or [formula.at(y) for y in range(len(values))] == values
    assert fit(mirrored) is not None


def test_rows_that_no_formula_gives_are_told() -> None:
    assert fit([int(n) for n in np.random.default_rng(0).integers(0, 99, 30)]) is None


def dilated(depthwise: bool, batch: int) -> Graph:
    """A convolution between the two, the tensors in between of a batch that is right, or 1 as converters write it."""
    build = Builder(5)
    x = build.input(1, 7, 9, 4)
    pads, crops, block = ((2, 3), (2, 1)), ((0, 1), (0, 0)), (2, 3)
    paddings, blocks = build.constant(np.array(pads, np.int32)), build.constant(np.array(block, np.int32))
    there = build.tensor((6, 6, 4, 4), build.quantization(x))
    build.node(SpaceToBatchNd(block, pads), (x, blocks, paddings), there)
    one = build.tensor((1, 6, 4, 4), build.quantization(x))
    build.nodes[-1] = replace(build.nodes[-1], output=one)
    many = build.depthwise(one, same=False) if depthwise else build.conv(one, 5, same=False)
    channels = build.shape(many)[3]
    back = build.tensor((1, 7, 6, channels), build.quantization(many))
    build.node(BatchToSpaceNd(block, crops), (many, blocks, build.constant(np.array(crops, np.int32))), back)
    tensors = [replace(t, shape=(batch, *t.shape[1:])) if t.index in (one, many) else t for t in build.tensors]
    return Graph("dilated", tuple(tensors), tuple(build.nodes), inputs=(x,), outputs=(back,))


@pytest.mark.parametrize("depthwise", [False, True])
@pytest.mark.parametrize("batch", [1, 6])
def test_dilation_as_converters_write_it_is_one_convolution(depthwise: bool, batch: int) -> None:
    data = write_model(dilated(depthwise, batch))
    graph = parse_model(data, "dilated")
    (node,) = graph.nodes
    assert isinstance(node.op, DepthwiseConv2D if depthwise else Conv2D)
    assert node.op.dilation == (2, 3)
    given = image(graph)
    right = litert(data, graph, given, OpResolverType.BUILTIN_REF)[node.output]
    assert np.array_equal(run(graph, given)[node.output], right)


def test_transposes_that_undo_each_other_go() -> None:
    build = Builder(6)
    x = build.relu(build.input(1, 4, 5, 3), Relu)
    build.relu(build.transpose(build.transpose(x, 0, 3, 1, 2), 0, 2, 3, 1), Relu)
    assert not any(isinstance(n.op, Transpose) for n in optimize(build.finish("pair")).graph.nodes)


def test_transposes_one_behind_the_other_are_one() -> None:
    build = Builder(7)
    x = build.relu(build.input(1, 4, 5, 3), Relu)
    build.relu(build.transpose(build.transpose(x, 0, 3, 1, 2), 0, 3, 1, 2), Relu)
    graph = build.finish("pair")
    made, given = optimize(graph).graph, image(graph)
    assert [n.op for n in made.nodes if isinstance(n.op, Transpose)] == [Transpose((0, 2, 3, 1))]
    assert np.array_equal(run(made, given)[made.outputs[0]], run(graph, given)[graph.outputs[0]])


def test_pixels_repeated_as_keras_does_it_are_one_resize() -> None:
    build = Builder(10)
    x = build.relu(build.input(1, 4, 5, 3), Relu)
    for shape, tiled, multiples, joined in (
        ((1, 4, 1, 5, 3), (1, 4, 2, 5, 3), (1, 1, 2, 1, 1), (1, 8, 5, 3)),
        ((1, 8, 5, 1, 3), (1, 8, 5, 3, 3), (1, 1, 1, 3, 1), (1, 8, 15, 3)),
    ):
        wide = build.reshape(x, *shape)
        times = build.constant(np.array(multiples, np.int32))
        x = build.reshape(
            build.node(Tile(multiples), (wide, times), build.tensor(tiled, build.quantization(x))), *joined
        )
    build.relu(x, Relu)
    graph = build.finish("repeated")
    made, given = optimize(graph).graph, image(graph)
    assert ResizeNearestNeighbor((8, 15), False, False) in [n.op for n in made.nodes]
    assert not any(isinstance(n.op, Tile) for n in made.nodes)
    assert np.array_equal(run(made, given)[made.outputs[0]], run(graph, given)[graph.outputs[0]])


@pytest.mark.parametrize("name", MOVES)
def test_real_numbers_move_as_integers_do(name: str) -> None:
    if name in ("padv2", "concatenation_constant"):
        return  # their constants are quantized
    graph = lower(MOVES[name]())
    real, given = in_floats(graph), image(graph)
    levels = run(graph, given)
    q = graph.tensors[graph.inputs[0]].quantization
    assert q is not None
    found = run_float(real, ((given.astype(np.float64) - q.zero_point) * q.scale).astype(np.float32))
    for node in real.nodes:
        expected = (levels[node.output].astype(np.float64) - q.zero_point) * q.scale
        step = q.scale if any(isinstance(n.op, ResizeBilinear) for n in graph.nodes) else 1e-5
        assert np.abs(found[node.output].astype(np.float64) - expected).max() <= step


def test_what_is_joined_shares_a_scale_when_a_network_is_quantized() -> None:
    build = Builder(8)
    x = build.input(1, 8, 8, 3)
    one, other = build.conv(x, 4), build.conv(x, 5, wide=9.0)
    shape, scale = (1, 8, 8, 9), build.quantization(one)
    both = build.node(Concatenation(3), (one, other), build.tensor(shape, scale))
    build.conv(both, 3)
    tensors = [replace(t, quantization=scale) if t.index == other else t for t in build.tensors]
    graph = in_floats(
        Graph("joined", tuple(tensors), tuple(build.nodes), inputs=(x,), outputs=(build.nodes[-1].output,))
    )
    made = quantize(graph, in_batches(images(graph, 8))).graph
    scales = {made.tensors[n.output].quantization for n in made.nodes[:3]}
    assert len(scales) == 1
    assert differing(made, image(made), write_model(made)) == {}


def test_scales_that_differ_are_not_joined() -> None:
    graph = MOVES["concatenation"]()
    node = next(n for n in graph.nodes if isinstance(n.op, Concatenation))
    other = Quantization((0.5,), (3,))
    tensors = tuple(replace(t, quantization=other) if t.index == node.inputs[1] else t for t in graph.tensors)
    with pytest.raises(UnsupportedError, match=r"CONCATENATION.*scales=\(0\.5,\)"):
        validate(replace(graph, tensors=tensors))


def test_a_resize_that_reads_behind_its_image_is_refused() -> None:
    build = Builder(9)
    x = build.relu(build.input(1, 10, 2, 1), Relu)
    size = build.constant(np.array([280, 2], np.int32))
    build.node(ResizeBilinear((280, 2), False, False), (x, size), build.tensor((1, 280, 2, 1), build.quantization(x)))
    with pytest.raises(ModelError, match=r"280 pixels of 10.* pixel 10"):
        build.finish("behind")


def test_what_is_joined_with_a_constant_is_exported(tmp_path: Path) -> None:
    model = tmp_path / "beside.tflite"
    model.write_bytes(write_model(MOVES["concatenation_constant"]()))
    export(model, tmp_path / "project", ExportOptions(board=board("host")))
    assert "constant0[]" in (tmp_path / "project" / "network" / "beside.c").read_text()
