"""From views to text: one Jinja environment, strict about every name."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from depthwise.codegen.naming import c_integer

from .filters import c_string, spaced, wrapped
from .views import NetworkView

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"


@cache
def environment() -> Environment:
    """Environment in which all templates are rendered; compiling them takes longer than rendering."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - C and make, not HTML; names are made safe in naming.py
    )
    made.filters["wrapped"] = wrapped
    made.filters["c_integer"] = c_integer
    made.filters["c_string"] = c_string
    made.filters["spaced"] = spaced
    return made


def render_network(net: NetworkView, labels: tuple[str, ...] = ()) -> dict[str, str]:
    """Render the library: file name → text. `labels` name the scores, in the header."""
    jinja = environment()
    names = {
        f"{net.prefix}.h": "network/header.h.j2",
        f"{net.prefix}.c": "network/source.c.j2",
        f"{net.prefix}_weights.h": "network/weights.h.j2",
    }
    return {name: tidy(jinja.get_template(template).render(net=net, labels=labels)) for name, template in names.items()}


def tidy(text: str) -> str:
    """Bring rendered C to the project's layout where lengths depend on numbers: long enums and calls are broken."""
    return "".join(_broken(line) for line in text.splitlines(keepends=True))


def _broken(line: str) -> str:
    call = re.fullmatch(r"( *)((?:if \(!)?\w+\()(.*\);|.*\)\) \{)\n", line)
    if call and len(line) > 101:
        return f"{call[1]}{call[2]}\n{_filled(call[3].split(', '), call[1] + '    ')}"
    found = re.fullmatch(r"( *)enum \{ (.*) \};\n", line)
    if not found or len(line) <= 101:
        return line
    indent, members = found[1], found[2].split(", ")
    body = "".join(f"{indent}    {m}{',' if m is not members[-1] else ''}\n" for m in members)
    return f"{indent}enum {{\n{body}{indent}}};\n"


def _filled(arguments: list[str], indent: str) -> str:
    """Arguments of a call in lines of at most 100 columns."""
    lines, line = [], indent
    for at, argument in enumerate(arguments):
        text = argument + ("," if at < len(arguments) - 1 else "")
        if line != indent and len(line) + len(text) > 100:
            lines.append(line.rstrip())
            line = indent
        line += f"{text} "
    return "\n".join([*lines, line.rstrip()]) + "\n"
