"""Sizes on the command line: bytes, or with K or M for 1,024 and 1,048,576."""

import re
from typing import Final

import click

UNITS: Final = {"": 1, "K": 1024, "M": 1024 * 1024}


def size(text: str) -> int:
    """Bytes of a size. Raises click.BadParameter.

    >>> size("20480"), size("20K"), size("1MiB")
    (20480, 20480, 1048576)
    """
    found = re.fullmatch(r"([0-9]+)([KM]?)(?:I?B)?", text.strip().upper())
    if found is None:
        raise click.BadParameter(f"{text!r} is no size: give bytes, or 32K, or 1M")
    return int(found[1]) * UNITS[found[2]]
