"""Paths in commands that are printed: as a shell takes them, and the terminal shows them."""

from pathlib import Path
from shlex import quote

from rich.markup import escape


def quoted(path: Path | str) -> str:
    """A path or a port as one word of a shell, its brackets kept from being taken for markup.

    >>> quoted(Path("my models/net.tflite")), quoted("p")
    ("'my models/net.tflite'", 'p')
    """
    return escape(quote(str(path)))
