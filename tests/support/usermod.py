"""Sources of a user module."""

import re
from pathlib import Path


def sources_of(module: Path) -> list[str]:
    """What micropython.mk has compiled."""
    found = re.search(r"SRC_USERMOD_C \+= \$\(addprefix \S+,([^)]*)\)", (module / "micropython.mk").read_text())
    assert found is not None
    return found[1].split()
