"""Charts as SVG that stands in a page: no sizes of its own, names of its own, and the page's colours."""

import io
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from depthwise.codegen.errors import ToolError

# Of matplotlib, which is an optional extra.
Figure = Any
Axes = Any
# Colours that charts are drawn in, and the page's variables that take their place; none of them means itself.
INK: Final = "#010203"
FAINT: Final = "#010204"
LINE: Final = "#010205"
ACCENT: Final = "#010206"
SECOND: Final = "#010207"
BAD: Final = "#010208"
PALETTE: Final = tuple(f"#01021{digit}" for digit in range(8))
VARIABLES: Final = {
    INK: "--ink",
    FAINT: "--faint",
    LINE: "--line",
    ACCENT: "--accent",
    SECOND: "--second",
    BAD: "--bad",
    **{colour: f"--c{number}" for number, colour in enumerate(PALETTE)},
}
STYLE: Final = {
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": 10,
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
MISSING: Final = "pip install 'depthwise[report]'"


def drawn(name: str, title: str, size: tuple[float, float], draw: Callable[[Figure], None]) -> str:
    """An SVG element of so many inches, of which `draw` fills the figure. `name` is in all names inside it.

    Raises ToolError where matplotlib is not installed.
    """
    try:
        rc_context = import_module("matplotlib").rc_context
        new_figure = import_module("matplotlib.figure").Figure
    except ImportError:
        raise ToolError("matplotlib is not installed", MISSING) from None
    with rc_context({**STYLE, "svg.hashsalt": name}):
        figure, written = new_figure(figsize=size, layout="constrained"), io.StringIO()
        draw(figure)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_a_page(name, title, written.getvalue())


def _for_a_page(name: str, title: str, svg: str) -> str:
    element = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL).strip()
    head, _, rest = element.partition(">")
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    rest = re.sub(r'\bid="', f'id="{name}-', rest)
    rest = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", rest)
    for colour, variable in VARIABLES.items():
        rest = rest.replace(colour, f"var({variable})")
    return f'{head} role="img" aria-label="{title}">{rest}'
