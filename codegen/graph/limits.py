"""How large a network may be: checked from shapes alone, before anything of its size is allocated.

Everything that is computed from a network takes at most `BYTES_PER_ELEMENT` for each element of its activations, and a
small multiple of the model file, so the limits here bound the memory that any file can make this tool take. No
microcontroller that code is made for comes near them.
"""

from typing import Final

from depthwise.codegen.errors import ModelError

from .network import Graph, Node, Tensor

MOST_ELEMENTS: Final = 1 << 24
MOST_IN_ALL: Final = 1 << 26
MOST_ROWS: Final = (1 << 16) - 1  # counters of rows are uint16
MOST_MACS: Final = 1 << 34
BYTES_PER_ELEMENT: Final = 64
SCALES: Final = (2.0**-100, 2.0**100)  # quotients of two stay finite in float32
SMALLER: Final = "make the input or the layer smaller: no board that code is made for could hold it"


def check_limits(graph: Graph) -> None:
    """Refuse a network whose activations, rows or scales leave the limits. Raises ModelError with both numbers."""
    total = 0
    for tensor in graph.tensors:
        if tensor.data is None:
            _check_size(tensor)
            _check_scales(tensor)
            total += tensor.elements
    if total > MOST_IN_ALL:
        raise ModelError(
            f"the network's activations have {total:,} elements, at most {MOST_IN_ALL:,} are taken", SMALLER
        )


def check_macs(node: Node, macs: int) -> None:
    """Refuse a layer whose sums take too long. Raises ModelError with both numbers."""
    if macs > MOST_MACS:
        raise ModelError(f"{node} takes {macs:,} multiply-accumulates, at most {MOST_MACS:,} are done", SMALLER)


def _check_size(tensor: Tensor) -> None:
    what = f"tensor {tensor.index} of shape {tensor.shape}"
    if tensor.elements > MOST_ELEMENTS:
        raise ModelError(
            f"{what} has {tensor.elements:,} elements, an activation has at most {MOST_ELEMENTS:,}", SMALLER
        )
    if tensor.rows > MOST_ROWS:
        raise ModelError(f"{what} has {tensor.rows:,} rows, at most {MOST_ROWS:,} are counted", SMALLER)


def _check_scales(tensor: Tensor) -> None:
    scales = tensor.quantization.scales if tensor.quantization is not None else ()
    wrong = next((s for s in scales if not SCALES[0] <= s <= SCALES[1]), None)
    if wrong is not None:
        raise ModelError(
            f"tensor {tensor.index} has scale {wrong:.3g}, it must lie between {SCALES[0]:.3g} and {SCALES[1]:.3g}",
            "the file is damaged, or was quantized without data: quantize it again",
        )
