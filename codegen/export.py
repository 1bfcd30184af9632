"""From a model file to a project folder: everything that `make` and `depthwise verify` need, or nothing."""

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from .boards import Board
from .bounds import check_accumulators
from .build_views import Source, network_view, variant, variants
from .cores import Core, core
from .errors import InputError, ProjectError, UnsupportedError
from .graph import Graph
from .manifest import Manifest, make_manifest, write_manifest
from .memory import check_budget, check_memory
from .operations import Add
from .passes import PassOptions, optimize
from .pipeline import Point, pick, plan_rows, points
from .render import environment, render_network
from .tflite.reader import parse_model
from .views import NetworkView

FIRMWARE: Final = Path(__file__).resolve().parent.parent / "firmware"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export for: the board, the network's name in C, whether a trace is built in, what the passes do.

    `schedule` is one of SCHEDULES; with `auto`, `ram` and `flash` are budgets in bytes. `canary` puts a guard behind
    every buffer; `context` lets the caller own the state. `widening` (see choose_kernels) is
    the planner's unless given.
    """

    board: Board
    name: str | None = None
    trace: bool = False
    force: bool = False
    passes: PassOptions = field(default_factory=PassOptions)
    schedule: str = "auto"
    context: bool = False
    canary: bool = False
    ram: int | None = None
    flash: int | None = None
    widening: int | None = None


def export(model: Path, out: Path, options: ExportOptions) -> Manifest:
    """Write the project folder `out` for a model and a board, and return its manifest.

    The folder appears whole or not at all. Raises ModelError, UnsupportedError, DoesNotFitError, or
    ProjectError if `out` holds something else (or a project, without `force`).
    """
    try:
        content = model.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read model {model}: {error.strerror or error}", "check the path") from None
    _check_target(out, options)
    made = optimize(parse_model(content, model.stem), options.passes)
    graph = made.graph
    _check_ends(graph)
    _check_operands(graph)
    check_accumulators(graph)
    target = core(options.board.core)
    picked = _picked(graph, options, target)
    planned = picked.plan
    source = Source.of(model.name, content)
    name, promise = options.name or model.stem, options.passes.input_range
    net = network_view(
        planned,
        source,
        name=name,
        trace=options.trace,
        promise=promise,
        context=options.context,
        core=target,
        widening=picked.variant.widening,
    )
    check_memory(planned, net, options.board)
    manifest = make_manifest(planned, net, source, options.board, target.flags, made, options.passes)
    _write(out, _files(net, options.board, manifest), _copied(options.board, net), content)
    return manifest


def _check_ends(graph: Graph) -> None:
    if not graph.nodes:
        raise UnsupportedError(f"{graph.name} has no layers left to compute", "its output does not depend on its input")
    for what, tensors in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        if len(tensors) != 1:
            raise UnsupportedError(f"{graph.name} has {len(tensors)} {what}, 1 is supported")


def _check_operands(graph: Graph) -> None:
    for node in graph.nodes:
        constant = [
            t.index for t in graph.inputs_of(node)[: 2 if isinstance(node.op, Add) else 1] if t.data is not None
        ]
        if constant:
            raise UnsupportedError(f"{node} computes with constant tensor {constant[0]}", "fold it into the model")


def _check_target(out: Path, options: ExportOptions) -> None:
    if not out.exists():
        return
    if not out.is_dir() or (any(out.iterdir()) and not (out / "manifest.json").exists()):
        raise ProjectError(f"{out} exists and is no depthwise project", "choose another folder")
    if any(out.iterdir()) and not options.force:
        raise ProjectError(f"{out} already holds a project", "give --force to replace it")


def _picked(graph: Graph, options: ExportOptions, target: Core) -> Point:
    forced = options.widening
    ways = variants(graph, target) if forced is None else (replace(variant(graph, target, forced), usual=True),)
    found = points(graph, options.schedule, *ways)
    check_budget(options.name or graph.name, found, options.ram, options.flash)
    picked = pick(found, options.ram, options.flash)
    if not options.canary:
        return picked
    scratch = picked.variant.scratch_bytes
    return replace(picked, plan=plan_rows(graph, picked.plan.segments, guarded=True, scratch_bytes=scratch))


def _files(net: NetworkView, board: Board, manifest: Manifest) -> dict[str, str]:
    jinja = environment()
    names = {"network/network.h": "project/network.h.j2", "Makefile": f"project/{board.project}.mk.j2"}
    if net.trace or net.guards:
        names["network/trace_glue.c"] = "project/trace.c.j2"
    if not net.static_state:
        names["network/state.c"] = "project/state.c.j2"
    script = Path(board.linker_script).name
    values = {"net": net, "board": board, "flags": manifest["build_flags"], "linker_script": script}
    files = {name: jinja.get_template(template).render(values) for name, template in names.items()}
    library = {f"network/{name}": text for name, text in render_network(net).items()}
    return {**files, **library, "manifest.json": write_manifest(manifest)}


def _write(out: Path, files: dict[str, str], copied: dict[str, tuple[Path, ...]], model: bytes) -> None:
    """Build the folder beside its place and move it there whole; an older project goes only then."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, text in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_text(text)
        for folder, sources in copied.items():
            (fresh / folder).mkdir(exist_ok=True)
            for source in sources:
                shutil.copyfile(source, fresh / folder / source.name)
        (fresh / "model.tflite").write_bytes(model)
        fresh.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        fresh.rename(out)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _copied(board: Board, net: NetworkView) -> dict[str, tuple[Path, ...]]:
    return {
        "network": tuple(FIRMWARE / "lib" / header for header in net.headers),
        "app": tuple(sorted((FIRMWARE / "app").glob("*.[ch]"))),
        "board": board.source_files,
    }
