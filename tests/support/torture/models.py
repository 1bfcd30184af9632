"""Damaged `.tflite` files: each is refused by one error, or becomes a network that all stages take."""

from functools import cache

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators.bounds import check_accumulators
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.float_networks import float_network
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.residual_networks import residual_chain

from .damage import damaged


@cache
def sound() -> tuple[bytes, ...]:
    """Small sound files to start from, every operator among them."""
    graphs = [make() for make in NAMED_NETWORKS.values()]
    graphs += [random_network(seed) for seed in range(12)] + [residual_chain(seed) for seed in range(4)]
    return tuple(write_model(graph) for graph in (*graphs, float_network(0), float_network(1)))


def try_model(seed: int) -> None:
    """Read the damaged file of a seed, and where it can be read, make C of it."""
    files = sound()
    graph = parse_model(damaged(files[seed % len(files)], seed), "damaged")
    made = optimize(graph)
    if len(made.graph.inputs) != 1 or len(made.graph.outputs) != 1 or not made.graph.nodes:
        return
    check_accumulators(made.graph)
    render_network(network_view(choose(made.graph), Source("damaged.tflite", "0" * 64), name="damaged", trace=False))
