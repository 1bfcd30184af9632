"""Verification: a board against the golden model, bit for bit; where it differs, and why."""

from .cases import Case, cases_of, shared
from .compare import verify, verify_cases
from .progress import Step
from .report import Report

__all__ = ["Case", "Report", "Step", "cases_of", "shared", "verify", "verify_cases"]
