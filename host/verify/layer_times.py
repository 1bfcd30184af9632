"""What each layer took on a board, beside what was predicted of it."""

from dataclasses import asdict, dataclass
from typing import Any

from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import macs
from depthwise.host.link import BoardLink, Hello
from depthwise.host.project import Project

from .predicted_time import predicted_layers


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTime:
    """Ticks of one inference in which a layer was computed, by its number in the model; checksums are not in them.

    `predicted` are cycles, waiting for the board's flash among them, None where nobody predicts them.
    """

    layer: int
    operator: str
    output: str
    macs: int
    ticks: int
    predicted: int | None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def layer_times(project: Project, link: BoardLink, hello: Hello, runs: int) -> tuple[LayerTime, ...]:
    """Layers of the last run, or of so many that it was made of; none where the board does not count them."""
    graph, predicted = project.graph, predicted_layers(project)
    ticks = dict(zip(project.traced, link.ticks(hello), strict=False))
    return tuple(
        LayerTime(
            layer=node.layer,
            operator=node.op.kind,
            output=shape_text(graph.output_of(node).shape),
            macs=macs(graph, node),
            ticks=ticks[node.output] // runs,
            predicted=predicted.get(node.output),
        )
        for node in graph.nodes
        if node.output in ticks
    )
