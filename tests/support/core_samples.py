"""A sample of the networks of single operators, as cases of one program for a core."""

from collections.abc import Iterator
from typing import Final

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.naming import identifier
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import boards
from depthwise.codegen.targets.cores import Core
from tests.support.conformance.harness import all_cases, drawn, given_to
from tests.support.programs import Case

SCHEDULES: Final = ("rows", "whole")
# One virtual board of each core; where the core is on several, the one with the most memory.
BOARDS: Final = tuple(
    {b.core: b.name for b in sorted(boards().values(), key=lambda b: b.ram_bytes) if b.emulator is not None}.values()
)


def samples(target: Core, seed: int) -> Iterator[tuple[str, Case]]:
    """Operators, and the network of a seed of each, if it computes anything; planned by rows and whole in turn."""
    for name, case in all_cases().items():
        graph = drawn(case, seed)
        lowered = lower(graph)
        if lowered.nodes:
            plan = choose(lowered, SCHEDULES[seed % len(SCHEDULES)], variant(lowered, target))
            yield name, Case.of(identifier(f"net_{name}"), plan, given_to(graph, seed), target)
