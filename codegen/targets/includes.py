"""The headers that sources need: those they include, and those that these include."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

INCLUDE: Final = re.compile(r'^#include "([\w.]+)"', re.MULTILINE)


def with_headers(sources: Sequence[Path], folders: Sequence[Path]) -> tuple[Path, ...]:
    """Sources, then the headers they lead to, as far as these lie beside who includes them or in one of the folders.

    Other headers are the application's, the network's or the compiler's.
    """
    found = list(dict.fromkeys(sources))
    for source in found:  # grows while it is walked through
        for name in INCLUDE.findall(source.read_text()):
            header = next((f / name for f in (source.parent, *folders) if (f / name).exists()), None)
            if header is not None and header not in found:
                found.append(header)
    return tuple(found)
