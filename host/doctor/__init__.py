"""What of this machine the tool can use, what is missing, and the command that mends it."""

from .check_up import check_up
from .finding import Finding, ThisMachine

__all__ = ["Finding", "ThisMachine", "check_up"]
