"""Where tests find the repository and what lies in it for them."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SUPPORT: Final = ROOT / "tests" / "support"
FIXTURES: Final = SUPPORT / "fixtures"
STUBS: Final = SUPPORT / "stubs"
