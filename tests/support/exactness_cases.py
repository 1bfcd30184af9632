"""A network to compare with the golden model."""

from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import all_rows, plan_rows
from tests.support.narrow import inputs
from tests.support.networks import residual_network
from tests.support.programs import Case


def case(name: str) -> Case:
    graph = optimize(residual_network()).graph
    return Case.of(name, plan_rows(graph, all_rows(graph)), inputs(graph, seed=4, random=1))
