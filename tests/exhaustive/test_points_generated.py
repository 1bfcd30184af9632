"""What a point of the plan promises of generated networks is what their C takes."""

from depthwise.codegen.emit.network_view import Source, network_view, variants
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import points
from depthwise.codegen.targets.cores import CORES
from tests.support.networks import random_network


def test_a_point_promises_what_the_generated_c_takes() -> None:
    for seed in range(60):
        graph = optimize(random_network(seed)).graph
        core = CORES[("host", "cortex-m4", "cortex-m55", "cortex-m0")[seed % 4]]
        for found in points(graph, "auto", *variants(graph, core)):
            int16_from = found.variant.int16_from
            view = network_view(
                found.plan, Source("m", "0" * 64), name="net", trace=False, core=core, int16_from=int16_from
            )
            assert (view.ram_bytes, view.weight_bytes) == (found.ram_bytes, found.flash_bytes)
