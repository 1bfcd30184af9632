"""From views to text: one Jinja environment, strict about every name."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .filters import c_integer, c_string, spaced, wrapped
from .views import NetworkView

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
LONGEST: Final = 100
DEFINITION: Final = re.compile(
    r"^((?:(?:static|DW_[A-Z]+|void|bool) (?:__attribute__\(\(\w+\)\) )?)[^\n(;={]*)\(([^{;()]*)\)\n\{\n", re.MULTILINE
)


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


def render_network(net: NetworkView) -> dict[str, str]:
    """Render the library: file name → text."""
    jinja = environment()
    names = {
        f"{net.prefix}.h": "network/header.h.j2",
        f"{net.prefix}.c": "network/source.c.j2",
        f"{net.prefix}_weights.h": "network/weights.h.j2",
    }
    return {name: tidy(jinja.get_template(template).render(net=net)) for name, template in names.items()}


def tidy(text: str) -> str:
    """Bring rendered C to the project's layout where lengths depend on names and numbers: long lines are broken."""
    return "".join(_broken(line) for line in DEFINITION.sub(_defined, text).splitlines(keepends=True))


def _defined(found: re.Match[str]) -> str:
    """Head of a function definition."""
    return _listed(f"{found[1]}(", f"{' '.join(found[2].split())})", "    ") + "{\n"


def _broken(line: str) -> str:
    if len(line) <= LONGEST + 1:
        return line
    call = re.fullmatch(r"( *)(\w+\()(.*\);)\n", line)
    condition = re.fullmatch(r"( *)(if \(!\w+\()(.*\)\) \{)\n", line)
    if call:
        return _listed(f"{call[1]}{call[2]}", call[3], call[1] + " " * 4)
    if condition:
        return _listed(f"{condition[1]}{condition[2]}", condition[3], condition[1] + " " * 8)
    found = re.fullmatch(r"( *)enum \{ (.*) \};\n", line)
    if not found:
        return line
    indent, members = found[1], found[2].split(", ")
    body = "".join(f"{indent}    {m}{',' if m is not members[-1] else ''}\n" for m in members)
    return f"{indent}enum {{\n{body}{indent}}};\n"


def _listed(head: str, arguments: str, indent: str) -> str:
    """Arguments behind a head on its line, else on one of their own, else on as many as it takes from its line on."""
    if len(head) + len(arguments) <= LONGEST:
        return f"{head}{arguments}\n"
    if len(indent) + len(arguments) <= LONGEST:
        return f"{head}\n{indent}{arguments}\n"
    lines, line = [], head
    for argument in re.split(r"(?<=,) ", arguments):
        if line not in {head, indent} and len(line) + len(argument) > LONGEST:
            lines.append(line.rstrip())
            line = indent
        line += f"{argument} "
    return "\n".join([*lines, line.rstrip()]) + "\n"
