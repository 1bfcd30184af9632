"""What stands between a core and its flash: wait states, width of a line, what is cached, and what that costs."""

from dataclasses import dataclass
from typing import Final

WORD: Final = 4
# Of code: bytes that a Cortex-M4 goes through in a cycle without waiting. Of lines that are no longer cached, a part is
# jumped to, and not the next one: those are waited for whole even where the next line is fetched ahead.
BYTES_A_CYCLE: Final = 3.7
JUMPS: Final = 0.03
# Of every call: the layer's structure with what its step is called with, and code from its step to its loops, which
# other layers have displaced; short calls have less of both.
CALL_BYTES: Final = 40
CALL_CODE: Final = 550
CALL_BYTES_A_CYCLE: Final = 0.04
CALL_CODE_A_CYCLE: Final = 0.3
LEAST_CACHE: Final = 256  # of instructions; a smaller one holds no loop, and all code is fetched again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """Flash as a core sees it at its clock; sizes in bytes.

    A read of a line that no cache holds takes `wait_states` cycles more. `instruction_cache` and `data_cache` are what
    is kept of each (0: nothing); with `prefetch` the next line of code is fetched while one is run. `code_in_ram`: no
    instruction is read from flash, constants are.
    """

    wait_states: int = 0
    line: int = 16
    instruction_cache: int = 0
    data_cache: int = 0
    prefetch: bool = False
    code_in_ram: bool = False

    def constant_waits(self, read: float) -> float:
        """Cycles of reading so many bytes of constants that the cache does not hold; without one, word by word."""
        return self.wait_states * read / (self.line if self.data_cache else WORD)

    def code_waits(self, fetched: float) -> float:
        """Cycles of fetching so many bytes of code that the cache does not hold."""
        if self.code_in_ram:
            return 0.0
        ahead = self.line / BYTES_A_CYCLE if self.prefetch else 0.0
        each = (1 - JUMPS) * max(self.wait_states - ahead, 0.0) + JUMPS * self.wait_states
        return each * fetched / self.line


AT_ONCE: Final = Flash()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one inference of a layer reads of constants or code.

    `levels` are pairs: bytes that a cache must hold, the most first and the last 0, and bytes that are read then.
    """

    levels: tuple[tuple[float, float], ...]

    def read(self, cache: int, line: int = 0) -> float:
        """Bytes that are read past a cache of so many bytes; what it holds may begin within a `line`."""
        return next(read for held, read in self.levels if not held or held + line <= cache)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashTraffic:
    """All that one inference of a layer reads from flash.

    `code` is that of loops which may not fit into a cache. Each of `calls` reads its own besides, and its structure.
    """

    constants: tuple[Fetched, ...] = ()
    code: tuple[Fetched, ...] = ()
    calls: float = 0.0

    def constants_read(self, flash: Flash, executed: float) -> float:
        """Bytes of constants that are read past the cache, `executed` cycles long."""
        each = min(CALL_BYTES * self.calls, CALL_BYTES_A_CYCLE * executed)
        return each + sum(part.read(flash.data_cache, flash.line) for part in self.constants)

    def code_read(self, flash: Flash, executed: float) -> float:
        """Bytes of code that are fetched past the cache, no more than are run; one that holds no loop is of no use."""
        run = executed * BYTES_A_CYCLE
        if flash.instruction_cache < LEAST_CACHE:
            return run
        each = min(CALL_CODE * self.calls, CALL_CODE_A_CYCLE * executed)
        return min(each + sum(part.read(flash.instruction_cache) for part in self.code), run)


def swept(size: float, runs: float, again: float = 1.0) -> Fetched:
    """A run of `size` bytes read `again` times in a row from its beginning to its end, `runs` times in an inference."""
    return Fetched(((size, size * runs), (0.0, size * runs * again)))


def waits(flash: Flash, traffic: FlashTraffic, executed: float) -> float:
    """Cycles that one inference of a layer waits for its flash; `executed` are those of its instructions."""
    if not flash.wait_states:
        return 0.0
    constants = flash.constant_waits(traffic.constants_read(flash, executed))
    return constants + flash.code_waits(traffic.code_read(flash, executed))
