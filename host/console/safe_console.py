"""A console to which text from outside can do nothing: no control characters, and no markup that stops the program.

Names of files, models, tensors and ports, and what a board says, reach tables and messages. Rich turns every such text
into cells in one method, so that is where it is made harmless; the escape sequences that Rich itself writes are made
behind it.
"""

import re
from typing import Any, Final

from rich.console import Console
from rich.errors import MarkupError
from rich.markup import escape
from rich.text import Text

# All control characters but line feed and tab, delete, the C1 set, and what changes the direction of text.
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class SafeConsole(Console):
    """Rich's console, whose texts are printable; one that is no markup is shown as it is."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as Rich shows it."""
        harmless = printable(text)
        try:
            return super().render_str(harmless, **options)
        except MarkupError:
            return super().render_str(escape(harmless), **options)


def printable(text: str) -> str:
    r"""A text with each control character as Python would write it.

    >>> printable("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
