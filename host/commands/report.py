"""`depthwise report`: one page about a network, to look at, print and send."""

from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.markup import escape

from depthwise.codegen.project.labels import check_labels, read_labels
from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.host.console import out, print_json
from depthwise.host.data.calibration import PixelRange
from depthwise.host.report import (
    NoPlayground,
    Playground,
    playground_of,
    read_quantization,
    read_saved,
    report_page,
    subject_of,
)

from .grouped_options import grouped
from .known_names import board_option, core_option
from .range_type import PIXELS


@dataclass(frozen=True, slots=True)
class Results:
    """Files with results of other commands."""

    saved: Path | None
    quantization: Path | None


@dataclass(frozen=True, slots=True)
class Playing:
    """How the network is run in the page."""

    playground: bool
    labels: Path | None
    within: PixelRange | None


@click.command("report")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-o", "--out", "target", required=True, type=click.Path(path_type=Path), help="HTML file to write.")
@board_option("board_name", help="Board to plan a model for (a project has its own).")
@core_option("core_name", help="Core instead of a board (default: cortex-m4).")
@grouped(
    "results",
    Results,
    click.option("--saved", type=click.Path(path_type=Path), help="What `verify --save` and `bench --save` wrote."),
    click.option("--quantization", type=click.Path(path_type=Path), help="What `quantize --report` wrote."),
)
@grouped(
    "playing",
    Playing,
    click.option("--playground/--no-playground", default=True, help="Run the network in the page.  [yes]"),
    click.option("--labels", type=click.Path(path_type=Path), help="Names of the scores: a file, one on each line."),
    click.option(
        "--range", "within", type=PIXELS, help="What pixel values 0 and 255 are to the network.  [all it can hold]"
    ),
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    *,
    model: Path,
    target: Path,
    board_name: str | None,
    core_name: str | None,
    results: Results,
    playing: Playing,
    force: bool,
    as_json: bool,
) -> None:
    """Write a page about MODEL (.tflite, .keras, or a project folder): where it fits, memory, layers, measurements.

    The page is one HTML file that loads nothing from anywhere. Needs `pip install 'depthwise[report]'`, and for the
    playground, where pictures are drawn or dropped, `pip install 'depthwise[build]'`.
    """
    sources = (path for path in (model, results.saved, results.quantization, playing.labels) if path is not None)
    check_target(target, force=force, sources=sources)
    subject = subject_of(model, board_name, core_name)
    saved = () if results.saved is None else read_saved(results.saved)
    quantization = None if results.quantization is None else read_quantization(results.quantization)
    if playing.labels is not None:
        subject = replace(subject, labels=read_labels(playing.labels))
        check_labels(subject.graph, subject.labels)
    playground = playground_of(subject, playing.within) if playing.playground else None
    page = report_page(subject, saved=saved, quantization=quantization, playground=playground).encode()
    write_whole(target, page)
    there = isinstance(playground, Playground)
    if as_json:
        planned = {"board": subject.target.name or None, "core": subject.target.core}
        print_json({"model": subject.name, **planned, "report": str(target), "bytes": len(page), "playground": there})
    else:
        out().print(f"[bold]{escape(str(target))}[/bold]: {len(page):,} bytes, opens in any browser", soft_wrap=True)
        if isinstance(playground, NoPlayground):
            told = playground.hint and f"; {playground.hint}"
            out().print(f"without a playground: {escape(playground.reason)}{escape(told)}", soft_wrap=True)
