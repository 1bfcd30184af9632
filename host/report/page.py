"""The page itself: one file that needs nothing else, rendered with every text escaped."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from depthwise.codegen.emit.render import TEMPLATES
from depthwise.codegen.naming import shape_text
from depthwise.codegen.schedule import state_bytes
from depthwise.codegen.version import VERSION
from depthwise.codegen.zoo.versus_full import in_pairs, in_sum, pairs
from depthwise.host.api.described_ends import ends_of
from depthwise.host.api.fitting import fits_of

from .charts import layers_chart, memory_chart, pairs_chart, quantization_chart
from .layer_rows import LayerRow, layer_rows
from .memory_map import memory_map
from .playground import NoPlayground, Playground
from .saved_results import Saved
from .subject import Subject

Section = Mapping[str, Any]
SCRIPT: Final = ("numbers", "page")
NO_SCRIPT: Final[Section] = {"text": "", "policy": ""}


def report_page(
    subject: Subject,
    *,
    saved: Sequence[Saved] = (),
    quantization: Mapping[str, Any] | None = None,
    playground: Playground | NoPlayground | None = None,
) -> str:
    """The page about a network as HTML, with what was saved of boards and of its quantization, and a playground.

    Without a playground the page runs no script; with one it runs that script alone. Same subject and results, same
    text. Raises ToolError where matplotlib is not installed.
    """
    measured = next((one for one in reversed(saved) if one.layers), None)
    rows = layer_rows(subject, measured.layers if measured else ())
    counted = measured is not None and any(row.ticks is not None for row in rows)
    sections = {
        "ends": _ends(subject),
        "totals": _totals(rows),
        "fits": _fits(subject),
        "memory": _memory(subject),
        "layers": {"chart": layers_chart(rows), "rows": rows},
        "full": _full(subject),
        "quantization": _quantization(quantization),
        "saved": saved,
        "playground": playground,
        "script": _script() if isinstance(playground, Playground) else NO_SCRIPT,
    }
    return (
        _environment()
        .get_template("report/page.html.j2")
        .render(
            version=VERSION,
            subject=subject,
            target=subject.target.name or subject.target.core,
            clock=measured.clock if measured and counted else "",
            **sections,
        )
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=True,
    )
    made.filters["number"] = _number
    return made


def _script() -> Section:
    """The playground's script, and what the page's policy says of it: none but this one runs."""
    text = "".join(_environment().get_template(f"report/playground_{part}.js.j2").render() for part in SCRIPT)
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": text, "policy": f"; script-src 'sha256-{digest}' 'wasm-unsafe-eval'"}


def _number(value: float | None, digits: int = 0) -> str:
    """A number with commas; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def _ends(subject: Subject) -> Sequence[Section]:
    found = ends_of(subject.graph)
    both = [("in", end) for end in found["inputs"]] + [("out", end) for end in found["outputs"]]
    return [{**end, "way": way, "shape": shape_text(tuple(end["shape"]))} for way, end in both]


def _totals(rows: Sequence[LayerRow]) -> Section:
    left = [row.macs_left for row in rows if row.macs_left is not None]
    weights = [row.weight_bytes_left for row in rows if row.weight_bytes_left is not None]
    cycles = [row.cycles for row in rows if row.cycles is not None]
    return {
        "layers": len(rows),
        "macs": sum(row.macs for row in rows),
        "weight_bytes": sum(row.weight_bytes for row in rows),
        "layers_left": sum(1 for row in rows if row.ring_bytes is not None),
        "macs_left": sum(left) if left else None,
        "weight_bytes_left": sum(weights) if weights else None,
        "cycles": sum(cycles) if cycles else None,
    }


def _fits(subject: Subject) -> Section:
    found = fits_of(subject.name, subject.graph, subject.passes)
    return {"boards": found.boards, "estimated": found.estimated}


def _memory(subject: Subject) -> Section | None:
    if subject.plan is None:
        return None
    found = memory_map(subject.plan)
    sizes = {"bytes": state_bytes(subject.plan), "segments": len(subject.plan.segments)}
    return {"map": found, "chart": memory_chart(found), **sizes}


def _full(subject: Subject) -> Section | None:
    found = pairs(subject.graph)
    if not found:
        return None
    of_pairs, total = in_pairs(found), in_sum(subject.graph, found)
    return {"chart": pairs_chart(found), "pairs": found, "times": of_pairs.times, "model_times": total.times}


def _quantization(found: Mapping[str, Any] | None) -> Section | None:
    if found is None or not found["layers"]:
        return None
    return {**found, "chart": quantization_chart(found["layers"], found["culprit"])}
