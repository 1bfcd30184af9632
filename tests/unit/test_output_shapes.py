"""The sizes that a layer writes follow from those that it reads, for every operator of the named networks."""

from dataclasses import replace

import pytest

from depthwise.codegen.formats.tflite import reader
from depthwise.codegen.formats.tflite.file_graph import FileGraph
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.sizes import with_sizes
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import DType, Tensor
from tests.support.networks import NAMED_NETWORKS

# Which sizes a RESHAPE makes is said by nothing but its output, and so are those of a state's halves.
TOLD_BY_THE_OUTPUT = ("RESHAPE", "SVDF", "SVDF_STATE", "UNIDIRECTIONAL_SEQUENCE_LSTM", "FILL")


def forgotten(main: FileGraph) -> FileGraph:
    """The subgraph with sizes of 1 in place of all that operators write and that can be found again."""
    written = {i for op in main.operators if op.name not in TOLD_BY_THE_OUTPUT for i in op.outputs}
    ones = {i for i in written if main.tensors[i].dtype is DType.INT8}

    def of_ones(tensor: Tensor) -> Tensor:
        return replace(tensor, shape=(1,) * len(tensor.shape)) if tensor.index in ones else tensor

    return replace(main, tensors=tuple(map(of_ones, main.tensors)), dynamic=frozenset(ones))


@pytest.mark.parametrize("name", NAMED_NETWORKS)
def test_sizes_that_a_file_forgets_are_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[FileGraph]()

    def seeing(main: FileGraph) -> FileGraph:
        seen.append(main)
        return with_sizes(main)

    monkeypatch.setattr(reader, "with_sizes", seeing)
    parse_model(write_model(NAMED_NETWORKS[name]()), name)
    (main,) = seen
    found = with_sizes(forgotten(main))
    assert [t.shape for t in found.tensors[: len(main.tensors)]] == [t.shape for t in main.tensors]
