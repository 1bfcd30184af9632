"""The C that kernels are made of: headers in `firmware/lib`, one folder for each family, copied flat into projects."""

from functools import cache
from pathlib import Path
from typing import Final

LIBRARY: Final = Path(__file__).resolve().parents[2] / "firmware" / "lib"
EVERYWHERE: Final = "dw_fixedpoint.h"  # in every network, whatever its kernels


def library_folders() -> tuple[Path, ...]:
    """Folders to look for headers in, where they are compiled from here: they include each other by bare names."""
    return tuple(sorted({path.parent for path in _headers().values()}))


def library_header(name: str) -> Path:
    """Where a header lies."""
    return _headers()[name]


@cache
def _headers() -> dict[str, Path]:
    return {path.name: path for path in sorted(LIBRARY.rglob("*.h"))}
