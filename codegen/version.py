"""Versions: of the tool, of the arithmetic helpers, of the manifest."""

from typing import Final

VERSION: Final = "0.2.0"
ARITHMETIC_VERSION: Final = 1
MANIFEST_VERSION: Final = 3
