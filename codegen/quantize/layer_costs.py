"""What each layer costs: the answers' closeness with that layer alone in int8, and with that layer alone in float."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from depthwise.codegen.floats.float_model import steps
from depthwise.codegen.graph import Array, Graph, Node

from .calibrate import CalibrationProgress
from .closeness import least_sqnr
from .quantized import Built
from .simulated import Simulation, simulation

SEARCHING, WEIGHING = "searching for the culprit", "weighing layers"


@dataclass(frozen=True, slots=True)
class LayerCosts:
    """SQNR of the worst output before its final scores, in dB.

    `all_int8_db` with all layers in int8; `alone_float_db` with one of them left in float, `alone_int8_db` with one of
    them rounded, weights and what it writes, and all others in float: by the tensor that the layer writes.
    """

    all_int8_db: float
    alone_float_db: Mapping[int, float]
    alone_int8_db: Mapping[int, float]


def layer_costs(
    reference: Graph,
    built: Built,
    inputs: Mapping[int, Array],
    progress: CalibrationProgress = lambda _what, _done: None,
    *,
    each_in_int8: bool = True,
) -> LayerCosts:
    """Leave each layer in float, and unless told not to, round each layer alone; on float32 inputs by tensor."""
    tried = simulation(reference, built)
    wanted = {tensor: values for tensor, values in steps(reference, inputs) if tensor in tried.ends}
    everything = least_sqnr(wanted, tried.rest(tried.start(inputs), 0, lambda _: True))
    in_float = _each(tried, tried.start(inputs), wanted, progress, rounded=True)
    in_int8 = _each(tried, inputs, wanted, progress, rounded=False) if each_in_int8 else {}
    return LayerCosts(everything, in_float, in_int8)


def _each(
    tried: Simulation,
    inputs: Mapping[int, Array],
    wanted: Mapping[int, Array],
    progress: CalibrationProgress,
    *,
    rounded: bool,
) -> dict[int, float]:
    """Closeness for each layer that is the only one not to be `rounded`, or to be; those before are computed once."""
    values, found = dict(inputs), dict[int, float]()
    for place, node in enumerate(tried.reference.nodes):
        others = partial(_is_rounded, node, rounded)
        found[node.output] = least_sqnr(wanted, tried.rest(values, place, others))
        tried.take(values, node, in_int8=rounded)
        progress(SEARCHING if rounded else WEIGHING, place + 1)
    return found


def _is_rounded(chosen: Node, others: bool, node: Node) -> bool:
    """Tell whether a layer is rounded, if the chosen one is not as the others."""
    return others != (node is chosen)
