"""Jinja filters: pure, value in, text out."""

from collections.abc import Iterable
from typing import Final

from depthwise.codegen.naming import c_integer

LINE: Final = 96
INDENT: Final = 3  # and a blank in front of each element


def wrapped(values: Iterable[int | str]) -> str:
    """Write integers, or elements that are C already, as the inside of an initialiser in lines of at most 96 columns.

    >>> print(wrapped(range(3)))
        0, 1, 2,
    """
    lines, line, length = list[str](), list[str](), INDENT
    for value in values:
        text = value if isinstance(value, str) else c_integer(value)
        taken = len(text) + 2
        if length + taken > LINE and line:
            lines.append(_line(line))
            line, length = [], INDENT
        line.append(text)
        length += taken
    return "\n".join([*lines, _line(line)])


def _line(texts: list[str]) -> str:
    """A line of elements, each with a comma behind it."""
    return " " * INDENT + "".join([f" {text}," for text in texts])


def spaced(text: str) -> str:
    """Put a blank in front of a text that is not empty.

    >>> spaced("a"), spaced("")
    (' a', '')
    """
    return f" {text}" if text else ""


def c_string(text: str) -> str:
    r"""Write any text as a C string literal: UTF-8, all but plain ASCII as octal escapes of three digits.

    >>> print(c_string('a "b" é??/'))
    "a \042b\042 \303\251\077\077/"
    """
    plain = (chr(byte) if 32 <= byte < 127 and byte not in b'"?\\' else f"\\{byte:03o}" for byte in text.encode())
    return f'"{"".join(plain)}"'
