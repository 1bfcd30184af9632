"""Fields of a `board.toml` that say what stands between core and flash: which values make sense, and how they read."""

from collections.abc import Mapping
from typing import Any, Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.kernels.flash import Flash

LINE: Final = "flash_line_bytes"
LINES: Final = (4, 8, 16, 32, 64)
USUAL_LINE: Final = 8
SPLIT: Final = ("flash_instruction_cache_bytes", "flash_data_cache_bytes")
SHARED: Final = "flash_cache_bytes"
PREFETCH: Final = "flash_prefetch"
FLASH_FIELDS: Final = ("flash_wait_states", LINE, *SPLIT, SHARED, PREFETCH)
MOST_WAIT_STATES: Final = 1000
WHERE: Final = "see the reference manual's chapter on flash; docs/extending.md has all fields"


def check_flash(data: Mapping[str, Any], where: str) -> None:
    """Raise InputError for values that no flash has; `data` are fields of a board's file, each of its type."""
    line, states = data.get(LINE, USUAL_LINE), data.get("flash_wait_states", 0)
    if line not in LINES:
        raise _wrong(where, LINE, line, f"it must be {', '.join(map(str, LINES[:-1]))} or {LINES[-1]}")
    if states > MOST_WAIT_STATES:
        raise _wrong(where, "flash_wait_states", states, f"it must be at most {MOST_WAIT_STATES:,}")
    for name in (*SPLIT, SHARED):
        size = data.get(name, 0)
        if size % line:
            raise _wrong(where, name, size, f"it must be a multiple of {LINE}, which is {line}")
    if data.get(PREFETCH, 0) > 1:
        raise _wrong(where, PREFETCH, data[PREFETCH], "it must be 0 or 1: lines of code that are fetched ahead")
    both = [name for name in SPLIT if data.get(name, 0)]
    if both and data.get(SHARED, 0):
        raise InputError(f"{where} has {both[0]} and {SHARED}", f"{SHARED} is one cache for code and constants")


def _wrong(where: str, name: str, value: int, must: str) -> InputError:
    return InputError(f"{where}: {name} is {value:,}, {must}", WHERE)


def flash_text(flash: Flash) -> str:
    """A flash in words."""
    kept = {"instructions": flash.instruction_cache, "constants": flash.data_cache}
    caches = [f"{size:,} bytes of {what}" for what, size in kept.items() if size]
    states = f"{flash.wait_states} wait states" if flash.wait_states else "wait states not known"
    waits = f"{states}, lines of {flash.line} bytes"
    ahead = ", the next one fetched ahead" if flash.prefetch else ""
    return f"{waits}{ahead}; cached: {', '.join(caches) or 'nothing'}"
