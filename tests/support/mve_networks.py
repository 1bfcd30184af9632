"""Kernels that networks get on a core with Helium."""

from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.targets.cores import CORES

CORE: Final = CORES["cortex-m55"]


def kinds(graph: Graph) -> set[str]:
    return set(choose_kernels(graph, CORE.families).names.values())
