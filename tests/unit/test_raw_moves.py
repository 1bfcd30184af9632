"""Movers into another quantization: the bytes are copied, as tflite-micro copies them."""

from dataclasses import replace

import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators.moving import is_mover
from depthwise.codegen.operators.resize_bilinear import ResizeBilinear
from depthwise.codegen.passes import optimize
from tests.support.move_networks import MOVES
from tests.support.networks import image
from tests.support.oracles import differing

OTHER = Quantization((0.0371,), (5,))
JOINING = [name for name in MOVES if name.startswith("concatenation")]
# PADV2 wants its value in the quantization of the output. tflite-micro has no TILE, and its SPACE_TO_BATCH_ND fills
# with 0 in place of the zero point.
COMPARED = sorted({*MOVES} - {*JOINING, "padv2", "tile", "space_to_batch_nd", "batch_to_space_nd"})


def requantized(graph: Graph) -> Graph:
    """The graph with another quantization of what its movers write."""
    moved = {n.output for n in graph.nodes if is_mover(n.op) or isinstance(n.op, ResizeBilinear)}
    tensors = tuple(replace(t, quantization=OTHER) if t.index in moved else t for t in graph.tensors)
    return replace(graph, tensors=tensors)


@pytest.mark.parametrize("name", COMPARED)
def test_bytes_are_moved_into_another_quantization_as_tflite_micro_does(name: str) -> None:
    data = write_model(requantized(MOVES[name]()))
    read = parse_model(data, name)
    assert any("into another quantization" in note for note in read.notes)
    given = image(read)
    assert differing(read, given, data) == {}
    made = optimize(read)
    computed = run(made.graph, given)
    before = run(made.reference, given)
    for mine, theirs in zip(made.graph.outputs, made.reference.outputs, strict=True):
        assert computed[mine].tobytes() == before[theirs].tobytes()


def test_concatenation_wants_one_quantization() -> None:
    with pytest.raises(UnsupportedError, match="changes the quantization"):
        parse_model(write_model(requantized(MOVES["concatenation"]())), "c")
