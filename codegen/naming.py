"""Names that come from a model, made safe for C, for paths and for comments."""

import re
from collections.abc import Iterable
from typing import Final

from .reserved import RESERVED

LONGEST: Final = 48
SUFFIX: Final = "_net"


def identifier(text: str, fallback: str = "neural_net") -> str:
    """Turn any text into a lower-case C identifier of at most 48 characters that may name files and modules too.

    >>> identifier("VWW 96 (int8).v2"), identifier("2nd"), identifier("int"), identifier("String"), identifier("é…")
    ('vww_96_int8_v2', 'n2nd', 'int_net', 'string_net', 'neural_net')
    """
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:LONGEST].rstrip("_")
    if not name:
        return fallback
    if name[0].isdigit():
        name = f"n{name}"[:LONGEST]
    ours = name.startswith("dw_") and len(name) + len(SUFFIX) <= LONGEST
    return f"{name}{SUFFIX}" if name in RESERVED or ours else name


def comment(text: str, longest: int = 60) -> str:
    r"""Turn any text into something that cannot leave a C comment: printable ASCII, no `*/`, no trigraph.

    >>> comment("a*/b\nc??/d")
    'a_/b_c__/d'
    """
    kept = re.sub(r"[^ -~]", "_", text).replace("*/", "_/").replace("/*", "/_").replace("??", "__")
    return kept if len(kept) <= longest else f"{kept[: longest - 3]}..."


def shape_text(shape: tuple[int, ...]) -> str:
    """Write an activation's shape without its batch: `48x48x8`.

    >>> shape_text((1, 48, 48, 8)), shape_text((1, 10)), shape_text((4, 10))
    ('48x48x8', '10', '4x10')
    """
    return "x".join(str(n) for n in (shape[1:] if shape[:1] == (1,) else shape)) or "1"


def ranges_text(numbers: Iterable[int]) -> str:
    """Write rising integers as ranges.

    >>> ranges_text([0, 1, 2, 5, 7, 8]), ranges_text([])
    ('0-2,5,7-8', '')
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return ",".join("-".join(str(n) for n in span) for span in spans)


def c_integer(value: int) -> str:
    """Write an int32 as C; the smallest one has no literal of its own.

    >>> c_integer(-7), c_integer(-2147483648)
    ('-7', '(-2147483647 - 1)')
    """
    return "(-2147483647 - 1)" if value == -(2**31) else str(value)
