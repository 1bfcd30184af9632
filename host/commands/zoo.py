"""`depthwise zoo`: small networks to start from, what they cost, and the techniques that made them small."""

from pathlib import Path
from typing import Any

import click

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.project.whole_file import check_target, write_whole
from depthwise.codegen.zoo.block_costs import cost, parameters
from depthwise.codegen.zoo.catalogue import FAMILIES, TECHNIQUES, Scaling, architecture
from depthwise.codegen.zoo.prune import prune
from depthwise.codegen.zoo.published import PUBLISHED, compared
from depthwise.codegen.zoo.teach import Line, alone, line_count, summed
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from depthwise.host.console import out, print_json, progress, table
from depthwise.host.console.quoted import quoted

from .zoo_options import shape_options, shaped

WITH = f"One of {', '.join(TECHNIQUES)} (repeatable)."


@click.group("zoo")
def command() -> None:
    """Small networks to start from: MobileNets, DS-CNN, and what each idea saves.

    \b
    depthwise zoo list                        the families
    depthwise zoo costs                       MACs and parameters, and papers'
    depthwise zoo toolbox mobilenet_v1        what each technique saves
    depthwise zoo build digits -o net.tflite  a float model, untrained
    """  # noqa: D301 - click's mark for lines that are not wrapped


@command.command("list", short_help="The families, and what they cost.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_families(*, as_json: bool) -> None:
    """List the families at the size they were made for."""
    rows = [_family(name) for name in FAMILIES]
    if as_json:
        print_json({"families": rows, "techniques": list(TECHNIQUES)})
        return
    shown = table("zoo", ("name", "name"), ("image", "name"), ("MACs", "right"), ("params", "right"), ("", "left"))
    for row in rows:
        shown.add_row(row["name"], row["image"], f"{row['macs']:,}", f"{row['parameters']:,}", row["about"])
    out().print(shown)
    out().print("\n--alpha narrows a network, --resolution shrinks its image: `depthwise zoo build NAME --help`")


def _family(name: str) -> dict[str, Any]:
    made = architecture(name)
    counted = cost(made)
    return {
        "name": name,
        "about": FAMILIES[name].about,
        "image": "x".join(map(str, made.image)),
        "classes": made.classes,
        "macs": counted.macs,
        "parameters": counted.parameters,
        "note": made.note,
    }


@command.command("costs", short_help="MACs and parameters beside the papers'.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def costs(*, as_json: bool) -> None:
    """Count MACs and parameters of the papers' networks on the graphs built here, beside what the papers print."""
    rows = [compared(p) for p in PUBLISHED]
    if as_json:
        print_json({"networks": [row.as_json() for row in rows]})
        return
    shown = table(
        "MACs and parameters, built here and as printed in the papers",
        ("network", "name"),
        ("MACs", "right"),
        ("paper", "right"),
        ("off by", "right"),
        ("parameters", "right"),
        ("paper", "right"),
        ("top-1", "right"),
    )
    for row in rows:
        p = row.published
        printed = (f"{p.million_macs}M", f"{row.deviation:.2f}%", f"{row.parameters:,}", f"{p.million_parameters}M")
        shown.add_row(p.title, f"{row.macs:,}", *printed, f"{p.accuracy}%")
    out().print(shown)
    out().print(
        "\nOff by: beyond the rounding of the printed figure. Parameters: weights, the classifier's bias and, for V1, "
        "the 2 per channel of each BatchNorm. Top-1: the papers' own, on ImageNet."
    )


@command.command("build", short_help="Write a network as a float .tflite.")
@click.argument("name")
@shape_options
@click.option("--with", "techniques", multiple=True, type=click.Choice(list(TECHNIQUES)), metavar="NAME", help=WITH)
@click.option("--prune", "pruned", default=0.0, metavar="FRACTION", help="Remove the weakest channels.")
@click.option("--seed", default=1, show_default=True, help="Of the random weights (He).")
@click.option("-o", "--out", "output", type=click.Path(path_type=Path), required=True, help="Float .tflite to write.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(
    *,
    name: str,
    shape: Scaling,
    techniques: tuple[str, ...],
    pruned: float,
    seed: int,
    output: Path,
    force: bool,
    as_json: bool,
) -> None:
    """Write the network NAME as a float .tflite with random weights: enough to plan, to measure, to time."""
    check_target(output, force=force)
    made = architecture(name, shape, techniques)
    with progress(f"building {made.name}", None, quiet=as_json):
        graph = prune(build_graph(made, he_weights(made, seed)), pruned)
        content = write_model(graph)
    write_whole(output, content)
    facts = {"model": str(output), "name": made.name, "macs": total_macs(graph), "parameters": parameters(graph)}
    if as_json:
        print_json({**facts, "note": made.note})
        return
    out().print(
        f"{output}: {made.name}, {facts['macs']:,} MACs, {facts['parameters']:,} parameters, untrained", soft_wrap=True
    )
    if made.note:
        out().print(f"note: {made.note}", soft_wrap=True)
    out().print(f"next: depthwise inspect {quoted(output)} --versus-full", soft_wrap=True)


@command.command("toolbox", short_help="What each technique saves.")
@click.argument("name", default="mobilenet_v1")
@shape_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def toolbox(name: str, shape: Scaling, *, as_json: bool) -> None:
    """Show what each technique saves on the network NAME, alone and one on top of the other.

    `before` is NAME without them: full convolutions, and a fully connected layer over all positions. MobileNets are
    taken at α 0.25, 96x96 and 2 classes unless told otherwise.
    """
    made = architecture(name, shaped(name, shape))
    with progress("planning", line_count(), quiet=as_json) as report:
        found: list[list[Line]] = [[], []]
        for lines, source in zip(found, (alone, summed), strict=True):
            for line in source(made):
                lines.append(line)
                report(sum(map(len, found)), line_count())
    if as_json:
        print_json(
            {"network": made.name, "alone": [_plain(x) for x in found[0]], "summed": [_plain(x) for x in found[1]]}
        )
        return
    _show_lines(f"{made.name}: each technique alone", found[0])
    out().print()
    _show_lines(f"{made.name}: one on top of the other", found[1])
    out().print(
        "\nRAM holds the activations as int8: layer after layer (whole), or the best mixture with rows. Strides that "
        "come earlier, as MobileNet's, cost less than evenly spread ones, and lose detail sooner. Distillation changes "
        "how a network is trained, not what it costs: docs/results/training.md."
    )


def _plain(line: Line) -> dict[str, Any]:
    return {
        "technique": line.title,
        "macs": line.macs,
        "parameters": line.parameters,
        "ram_whole_bytes": line.ram.whole,
        "ram_rows_bytes": line.ram.rows,
    }


def _show_lines(title: str, lines: list[Line]) -> None:
    shown = table(
        title,
        ("technique", "name"),
        ("MACs", "right"),
        ("left", "right"),
        ("params", "right"),
        ("RAM whole", "right"),
        ("RAM rows", "right"),
    )
    for line in lines:
        share = f"{100 * line.macs / lines[0].macs:.0f}%"
        shown.add_row(
            line.title, f"{line.macs:,}", share, f"{line.parameters:,}", f"{line.ram.whole:,}", f"{line.ram.rows:,}"
        )
    out().print(shown)
