"""The first lines of every generated file: the code is its user's (docs/adr/0016-generated-code.md)."""

from pathlib import Path
from typing import Final

LINES: Final = (
    "SPDX-License-Identifier: 0BSD",
    "Generated code is yours, without conditions; a model's numbers stay under the model's licence.",
)
HASH: Final = ("# ", "")
# How a comment begins and ends, by the name of a file or what it ends with.
COMMENTS: Final = {
    **dict.fromkeys((".c", ".h", ".cpp", ".ino"), ("/* ", " */")),
    **dict.fromkeys((".mk", ".cmake", ".py", ".pyi", ".yml", ".conf", ".defaults", ".properties", ".lf"), HASH),
    **dict.fromkeys(("Makefile", "CMakeLists.txt", "Kconfig"), HASH),
    ".ini": ("; ", ""),
}
# Formats without comments: JSON, and options that a compiler reads from a file.
WITHOUT: Final = (".json", "build_opt.h")


def notice(file: str) -> str:
    """What a generated file of a name begins with; nothing if its format has no comments.

    >>> print(notice("src/net.c"), end="")
    /* SPDX-License-Identifier: 0BSD */
    /* Generated code is yours, without conditions; a model's numbers stay under the model's licence. */
    """
    path = Path(file)
    if not {path.name, path.suffix}.isdisjoint(WITHOUT):
        return ""
    begin, end = COMMENTS[path.name if path.name in COMMENTS else path.suffix]
    return "".join(f"{begin}{line}{end}\n" for line in LINES)
