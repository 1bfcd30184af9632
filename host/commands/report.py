"""`depthwise report`: one page about a network, to look at, print and send."""

from dataclasses import dataclass
from pathlib import Path

import click
from rich.markup import escape

from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.host.console import out, print_json
from depthwise.host.report import read_quantization, read_saved, report_page, subject_of

from .grouped_options import grouped
from .known_names import board_option, core_option


@dataclass(frozen=True, slots=True)
class Results:
    """Files with results of other commands."""

    saved: Path | None
    quantization: Path | None


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
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    *,
    model: Path,
    target: Path,
    board_name: str | None,
    core_name: str | None,
    results: Results,
    force: bool,
    as_json: bool,
) -> None:
    """Write a page about MODEL (.tflite, .keras, or a project folder): where it fits, memory, layers, measurements.

    The page is one HTML file that loads nothing from anywhere. Needs `pip install 'depthwise[report]'`.
    """
    sources = (path for path in (model, results.saved, results.quantization) if path is not None)
    check_target(target, force=force, sources=sources)
    subject = subject_of(model, board_name, core_name)
    saved = () if results.saved is None else read_saved(results.saved)
    quantization = None if results.quantization is None else read_quantization(results.quantization)
    page = report_page(subject, saved=saved, quantization=quantization).encode()
    write_whole(target, page)
    if as_json:
        planned = {"board": subject.target.name or None, "core": subject.target.core}
        print_json({"model": subject.name, **planned, "report": str(target), "bytes": len(page)})
    else:
        out().print(f"[bold]{escape(str(target))}[/bold]: {len(page):,} bytes, opens in any browser", soft_wrap=True)
