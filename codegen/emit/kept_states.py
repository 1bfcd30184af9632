"""What the network keeps from run to run, as C: where it lies, what it is first, and what it is copied from."""

import numpy as np

from depthwise.codegen.graph import Array, State
from depthwise.codegen.schedule import state_copies

from .rings import Block
from .state_view import StateView


def state_views(block: Block, prefix: str) -> tuple[StateView, ...]:
    """Each state of a network, in the order in which they can be copied."""
    plan = block.plan
    sources = {copy.state.before: copy.source for copy in state_copies(plan)}
    order = list(sources)
    states = sorted(plan.graph.states, key=lambda s: order.index(s.before) if s.before in sources else -1)
    return tuple(_view(block, prefix, state, sources.get(state.before)) for state in states)


def _view(block: Block, prefix: str, state: State, source: int | None) -> StateView:
    number, levels = block.plan.graph.states.index(state), _bytes_of(state.initial)
    return StateView(
        name=f"{prefix}_initial{number:02d}",
        place=block.ring_name(state.before),
        offset=block.plan.ring_of(state.before)[0],
        source=source,
        bytes=len(levels),
        fill=levels[0] if len(set(levels)) == 1 else None,
        initial=tuple(levels),
    )


def _bytes_of(values: Array) -> list[int]:
    """Elements in little-endian order, as int8."""
    plain = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return [int(v) for v in np.frombuffer(plain.tobytes(), np.int8)]
