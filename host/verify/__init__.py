"""Verification: a board against the golden model, bit for bit; where it differs, and why."""

from depthwise.host.progress import Step

from .cases import Case, cases_of, shared
from .verify_board import verify, verify_cases
from .verify_report import VerifyReport

__all__ = ["Case", "Step", "VerifyReport", "cases_of", "shared", "verify", "verify_cases"]
