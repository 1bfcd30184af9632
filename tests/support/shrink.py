"""Cuts a failing network down to a small one that still fails, and writes it down."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators.validate import validate
from depthwise.codegen.passes import drop_dead
from depthwise.codegen.passes.rewire import without


def shrink(graph: Graph, fails: Callable[[Graph], bool]) -> Graph:
    """Cut for as long as a smaller network fails; smallest candidates first, every one of them valid."""
    while True:
        tried = sorted(candidates(graph), key=lambda g: len(g.nodes))
        smaller = next((g for g in tried if fails(g)), None)
        if smaller is None:
            return graph
        graph = smaller


def candidates(graph: Graph) -> Iterator[Graph]:
    """Valid networks with fewer nodes: without an end, without a front, without what can be bypassed."""
    for cut in (_without_end, _without_front, _bypassed):
        for at, node in enumerate(graph.nodes):
            for made in cut(graph, at, node):
                if 0 < len(made.nodes) < len(graph.nodes):
                    yield made


def _without_end(graph: Graph, _: int, node: Node) -> Iterator[Graph]:
    yield from _valid(lambda: drop_dead(replace(graph, outputs=(node.output,))))


def _without_front(graph: Graph, at: int, node: Node) -> Iterator[Graph]:
    if graph.tensors[node.output].dtype is DType.INT8:
        yield from _valid(lambda: replace(graph, inputs=(node.output,), nodes=graph.nodes[at + 1 :]))


def _bypassed(graph: Graph, at: int, node: Node) -> Iterator[Graph]:
    """The graph with a tensor of before in place of the node's output: a residual without a branch, for one."""
    for source in (*graph.inputs, *(n.output for n in graph.nodes[:at])):
        if graph.tensors[source].shape == graph.output_of(node).shape:
            yield from _valid(partial(_read_instead, graph, node, source))


def _read_instead(graph: Graph, gone: Node, source: int) -> Graph:
    outputs = tuple(source if o == gone.output else o for o in graph.outputs)
    return drop_dead(without(replace(graph, outputs=outputs), gone, {gone.output: source}))


def _valid(make: Callable[[], Graph]) -> Iterator[Graph]:
    """The graph, unless it does not hang together."""
    try:
        graph = make()
        validate(graph)
    except ModelError:
        return
    yield graph


def written_down(graph: Graph) -> str:
    """A network for a message: a line for each node with all shapes and attributes."""
    lines = []
    for node in graph.nodes:
        shapes = " + ".join(f"{t.index}:{t.shape}" for t in graph.inputs_of(node))
        lines.append(f"{node}: {shapes} -> {node.output}:{graph.output_of(node).shape} {node.op}")
    return "\n".join([f"{graph.name}: {graph.inputs} -> {graph.outputs}", *lines])
