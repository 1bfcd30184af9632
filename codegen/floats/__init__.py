"""Float networks: computed in numpy, and rewritten to what the quantizer works on."""

from .float_model import run
from .simplify import simplify

__all__ = ["run", "simplify"]
