"""Plans with guards behind their buffers, and C that writes over them."""

from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import RowPlan, all_rows, choose, plan_rows, whole_tensors


def stray(name: str) -> str:
    """C that writes over every canary of a network."""
    loop = f"for (int i = 0; i < {name.upper()}_GUARDS; i++)"
    return f"{loop} {{ state->block.bytes[{name}_guards[i].offset] = 1; }}"


def guarded(graph: Graph) -> list[RowPlan]:
    ways = (whole_tensors(graph), all_rows(graph), choose(graph).segments)
    return [plan_rows(graph, segments, guarded=True) for segments in ways]
