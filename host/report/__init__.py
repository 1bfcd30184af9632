"""One page about a network: where it fits, what lies where and when, what each layer costs, what was measured."""

from .page import report_page
from .saved_results import read_quantization, read_saved
from .subject import Subject, subject_of

__all__ = ["Subject", "read_quantization", "read_saved", "report_page", "subject_of"]
