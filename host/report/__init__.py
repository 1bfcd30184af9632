"""One page about a network: where it fits, what lies where and when, what each layer costs, what was measured."""

from .page import report_page
from .playground import NoPlayground, Playground, playground_of
from .saved_results import read_quantization, read_saved
from .subject import Subject, subject_of

__all__ = [
    "NoPlayground",
    "Playground",
    "Subject",
    "playground_of",
    "read_quantization",
    "read_saved",
    "report_page",
    "subject_of",
]
