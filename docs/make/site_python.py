"""The page of the Python interface: a directive for each public name, which mkdocstrings fills from its docstring."""

from typing import Final

import depthwise

HEAD: Final = """# Python interface

Made of the docstrings of `import depthwise`; [the guide](../guide/python.md) shows it at work.
"""


def python_page() -> str:
    """The text of the page."""
    functions = [name for name in depthwise.PLACES if name.islower()]
    types = [name for name in depthwise.PLACES if not name.islower()]
    return HEAD + "".join(f"\n::: depthwise.{depthwise.PLACES[name]}.{name}\n" for name in [*functions, *types])
