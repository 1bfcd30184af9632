"""UNIDIRECTIONAL_SEQUENCE_LSTM, what it gives: hidden values as int8, cells as int16, of all that it computed."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import UnidirectionalSequenceLstm
from depthwise.codegen.operators.unidirectional_sequence_lstm import first_of


@dataclass(frozen=True, slots=True)
class LstmPart:
    """The byte at which a part begins, and how many bytes it has."""

    first: int
    bytes: int


def _shape(layer: Layer) -> LstmPart:
    return LstmPart(first_of(layer.graph, layer.node), layer.output.nbytes)


def _kernel(name: str, written: DType) -> Kernel:
    def refusal(graph: Graph, node: Node) -> str | None:
        found = graph.output_of(node).dtype
        return None if found is written else f"it writes {found.value}, not {written.value}"

    return Kernel(
        name=name,
        operators=(UnidirectionalSequenceLstm,),
        refusal=refusal,
        shape=_shape,
        data=None,
        headers=(),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name),
        proves=None,
        traffic=None,
    )


LSTM_HIDDEN: Final = _kernel("lstm_hidden", DType.INT8)
LSTM_CELLS: Final = _kernel("lstm_cells", DType.INT16)
