"""What the generated networks have among them."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Add, Conv2D, DepthwiseConv2D
from depthwise.codegen.schedule import RowPlan, all_rows, plan_rows
from depthwise.codegen.schedule.reads import accumulates, operands
from tests.support.generated import FIRST_SEED, NETWORKS, behind_passes, generated

HARDSHIPS: Final = frozenset(
    [
        "7 rows",
        "7 columns",
        "stride 3",
        "dilation",
        "multiplier",
        "border",
        "odd width",
        "PAD",
        "MEAN sums",
        "AVERAGE_POOL_2D sums",
        "a branch of ADD waits for 4 rows of the other",
        "a residual in a residual",
    ]
)


def test_the_generated_networks_have_what_makes_rows_hard() -> None:
    seen: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + NETWORKS, 7):
        graph = behind_passes(generated(seed), seed)
        plan = plan_rows(graph, all_rows(graph))
        seen.update({name for node in graph.nodes for name in hardships(plan, node)})
    assert {name for name, count in seen.items() if count >= 10} >= HARDSHIPS, seen


def hardships(plan: RowPlan, node: Node) -> Iterator[str]:
    """What is hard about a node."""
    graph, image = plan.graph, plan.graph.inputs_of(node)[0]
    yield node.op.kind
    if accumulates(graph, node):
        yield f"{node.op.kind} sums"
    if len(image.shape) == 4 and image.shape[2] % 2:
        yield "odd width"
    match node.op:
        case Add():
            if max(plan.ring_of(t)[1] for t in operands(graph, node)) >= 4:
                yield "a branch of ADD waits for 4 rows of the other"
            if branches_add(graph, node):
                yield "a residual in a residual"
        case Conv2D() | DepthwiseConv2D():
            yield from of_a_convolution(node.op, graph.tensors[node.inputs[1]].shape)
        case _:
            pass


def branches_add(graph: Graph, node: Node) -> bool:
    """Tell whether one operand of an ADD has an ADD behind it that the other has not."""
    behind: dict[int, set[int]] = {}
    for other in graph.nodes:
        own = {other.output} if isinstance(other.op, Add) else set()
        behind[other.output] = own.union(*(behind.get(i, set()) for i in other.inputs))
    left, right = (behind.get(i, set()) for i in node.inputs)
    return left != right


def of_a_convolution(op: Conv2D | DepthwiseConv2D, weights: tuple[int, ...]) -> Iterator[str]:
    facts = {
        "7 rows": weights[1] == 7,
        "7 columns": weights[2] == 7,
        "stride 3": op.stride[0] == 3,
        "dilation": op.dilation[0] > 1,
        "multiplier": getattr(op, "depth_multiplier", 1) > 1,
        "border": getattr(op, "border", None) is not None,
    }
    yield from (name for name, true in facts.items() if true)
