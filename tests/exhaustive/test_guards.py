"""Guards lie behind buffers, and in none that lives with them."""

from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import guards_of
from depthwise.codegen.schedule.memory import Group, StepMemory
from tests.support.canary import guarded
from tests.support.networks import random_network


def test_guards_lie_behind_buffers_and_in_none_that_lives_with_them() -> None:
    for seed in range(300):
        graph = optimize(random_network(seed)).graph
        for plan in guarded(graph):
            items: list[tuple[Group | StepMemory, int]] = [*plan.rings, *plan.sums]
            assert len(guards_of(plan)) == len(items)
            for item, offset in items:
                for other, start in items:
                    together = item.first <= other.last and other.first <= item.last
                    if other is not item and together:
                        assert offset + item.size + 4 <= start or start + other.size + 4 <= offset
