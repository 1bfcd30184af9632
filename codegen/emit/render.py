"""From views to text: one Jinja environment, strict about every name."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from depthwise.codegen.naming import c_integer

from .filters import c_string, spaced, wrapped
from .layout import tidy
from .notice import notice
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
    rendered = {name: jinja.get_template(template).render(net=net, labels=labels) for name, template in names.items()}
    return {name: finished(name, text) for name, text in rendered.items()}


def finished(name: str, text: str) -> str:
    """A rendered file of a name: its licence in front, C in the project's layout."""
    return notice(name) + (tidy(text) if Path(name).suffix in {".c", ".h"} else text)
