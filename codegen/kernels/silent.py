"""Channels whose outputs are one value, whatever the sum; often dead ones, whose weights got a tiny scale."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters


def silenced(graph: Graph, node: Node, furthest: int) -> ConvParameters:
    """Parameters of a layer, in which channels whose sums are all shifted out are multiplied by zero.

    |v| ≤ |s| is below half of the divisor 2^r: w is 0 for every sum, and so it is for multiplier 0 with any shift, here
    1. Channels that are shifted by no more than `furthest` stay as they are: kernels take them.
    """
    p = conv_parameters(graph, node)
    if 0 not in p.multipliers and -min(p.shifts) <= furthest:
        return p
    largest = largest_accumulator(graph, node)
    both = list(zip(p.multipliers, p.shifts, strict=True))
    silent = [not m or (-s > furthest and largest < 2 ** (-s - 1)) for m, s in both]
    multipliers = tuple(0 if gone else m for m, gone in zip(p.multipliers, silent, strict=True))
    shifts = tuple(-1 if gone else s for s, gone in zip(p.shifts, silent, strict=True))
    return replace(p, multipliers=multipliers, shifts=shifts)
