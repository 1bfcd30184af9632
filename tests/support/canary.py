"""Plans with guards behind their buffers."""

from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import RowPlan, all_rows, choose, plan_rows, whole_tensors


def guarded(graph: Graph) -> list[RowPlan]:
    ways = (whole_tensors(graph), all_rows(graph), choose(graph).segments)
    return [plan_rows(graph, segments, guarded=True) for segments in ways]
