"""What each layer costs, before and behind the exact passes, predicted and measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs, weight_bytes
from depthwise.codegen.passes.proof import LayerProof, prove

from .subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """A layer of the model; what the passes leave of it is None where there are none, as in a float network.

    `ticks` are those that a board measured, None without.
    """

    layer: int
    operator: str
    output: str
    macs: int
    weight_bytes: int
    macs_left: int | None
    weight_bytes_left: int | None
    ring_bytes: int | None
    cycles: int | None
    ticks: int | None

    @property
    def label(self) -> str:
        """Number and operator."""
        return f"{self.layer} {self.operator}"


def layer_rows(subject: Subject, measured: Sequence[Mapping[str, Any]]) -> tuple[LayerRow, ...]:
    """Every layer; `measured` are layers of a saved verification, believed where it names the same ones."""
    if subject.made is None:
        return tuple(_row(subject.graph, node, None, {}, None, {}) for node in subject.graph.nodes)
    live = subject.made.graph
    cycles = {node.layer: subject.cycles.get(node.output) for node in live.nodes}
    ticks = _ticks(live, measured)
    rings = {node.layer: subject.plan.ring_bytes(node) for node in live.nodes} if subject.plan else {}
    graph, proofs = subject.made.reference, {proof.layer: proof for proof in prove(subject.made)}
    return tuple(_row(graph, node, proofs[node.layer], cycles, rings.get(node.layer), ticks) for node in graph.nodes)


def _row(
    graph: Graph,
    node: Node,
    proof: LayerProof | None,
    cycles: Mapping[int, int | None],
    ring_bytes: int | None,
    ticks: Mapping[int, int],
) -> LayerRow:
    return LayerRow(
        layer=node.layer,
        operator=node.op.kind,
        output=shape_text(graph.output_of(node).shape),
        macs=macs(graph, node),
        weight_bytes=weight_bytes(graph, node),
        macs_left=proof.macs_left if proof else None,
        weight_bytes_left=proof.weight_bytes_left if proof else None,
        ring_bytes=ring_bytes,
        cycles=cycles.get(node.layer),
        ticks=ticks.get(node.layer),
    )


def _ticks(live: Graph, measured: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    kinds = {node.layer: node.op.kind for node in live.nodes}
    found = {row["layer"]: row["ticks"] for row in measured if kinds.get(row["layer"]) == row["operator"]}
    return found if len(found) == len(measured) else {}
