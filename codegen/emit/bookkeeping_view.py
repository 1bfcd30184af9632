"""How the generated C keeps how far a run has come."""

from dataclasses import dataclass

from depthwise.codegen.schedule import RowPlan, bookkeeping


@dataclass(frozen=True, slots=True, kw_only=True)
class BookkeepingView:
    """Members of the state beside the block.

    `counters` are those of the inputs and steps with the first numbers, of C's type `counter_type`; `some_uncounted`
    tells whether steps without one have numbers behind them. `next` is the member that is the place in the order,
    `next_word` its word of the block, None where it lies behind the block.
    """

    counters: int
    counter_type: str
    some_uncounted: bool
    next: str
    next_word: int | None
    bytes: int


def bookkeeping_view(plan: RowPlan, prefix: str) -> BookkeepingView:
    """What a plan has to keep beside its block."""
    found = bookkeeping(plan)
    return BookkeepingView(
        counters=found.counters,
        counter_type={1: "uint8_t", 2: "uint16_t"}[found.counter_bytes],
        some_uncounted=0 < found.counters < len(plan.graph.inputs) + len(plan.steps),
        next="next" if found.next_word is None else f"block.words[{prefix.upper()}_NEXT]",
        next_word=found.next_word,
        bytes=found.bytes,
    )
