"""How much a function does, as a number that no machine changes: clocks have no place in a test."""

import sys
from collections.abc import Callable


def calls_made(work: Callable[[], object]) -> int:
    """Run something; return how many functions were called meanwhile, those written in C too."""
    found = 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found
