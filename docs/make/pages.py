"""Where the scripts beside this file write: docs/results, pages and figures that nobody edits by hand."""

from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parent.parent
REPOSITORY: Final = DOCS.parent
RESULTS: Final = DOCS / "results"
