"""Jinja filters: pure, value in, text out."""

from collections.abc import Iterable
from typing import Final

from depthwise.codegen.naming import c_integer

LINE: Final = 96


def wrapped(values: Iterable[int | str]) -> str:
    """Write integers, or elements that are C already, as the inside of an initialiser in lines of at most 96 columns.

    >>> print(wrapped(range(3)))
        0, 1, 2,
    """
    lines, line = [], "   "
    for value in values:
        text = value if isinstance(value, str) else c_integer(value)
        if len(line) + len(text) + 2 > LINE and line.strip():
            lines.append(line)
            line = "   "
        line += f" {text},"
    return "\n".join([*lines, line])


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
