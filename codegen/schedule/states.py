"""What becomes of the states behind a run: copies from where they were computed to where they are kept."""

from dataclasses import dataclass

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import State

from .placement import RowPlan


@dataclass(frozen=True, slots=True)
class StateCopy:
    """Bytes of the block that a state is copied from and to, when the next run begins."""

    state: State
    source: int
    target: int
    size: int


def state_copies(plan: RowPlan) -> tuple[StateCopy, ...]:
    """Copies in an order in which nothing is written over before it is read; none for a state updated in its place.

    Raises UnsupportedError for states that are exchanged with each other.
    """
    waiting = [
        StateCopy(s, plan.ring_of(s.after)[0], plan.ring_of(s.before)[0], plan.graph.tensors[s.before].nbytes)
        for s in plan.graph.states
    ]
    waiting = [copy for copy in waiting if copy.source != copy.target]
    done: list[StateCopy] = []
    while waiting:
        free = next((c for c in waiting if not any(_spoils(c, other) for other in waiting if other is not c)), None)
        if free is None:
            names = " and ".join(plan.graph.tensors[c.state.before].name for c in waiting)
            raise UnsupportedError(
                f"the states {names} become each other's values", "let the model write one of them through a layer"
            )
        done.append(free)
        waiting.remove(free)
    return tuple(done)


def _spoils(copy: StateCopy, other: StateCopy) -> bool:
    """Tell whether a copy writes over what another one reads."""
    return copy.target < other.source + other.size and other.source < copy.target + copy.size
