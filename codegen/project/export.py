"""From a model file to a project folder: everything that `make` and `depthwise verify` need, or nothing."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from depthwise.codegen.emit.network_view import Source, network_view, variant, variants
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.errors import InputError, ProjectError, UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.bounds import check_accumulators
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.schedule import Point, pick, plan_rows, points
from depthwise.codegen.targets.archs import arch, arch_of_core, check_arch
from depthwise.codegen.targets.boards import Board
from depthwise.codegen.targets.cores import Core, core

from .detached import detached_manifest
from .hashes import file_hashes
from .labels import check_labels
from .manifest import Manifest, make_manifest, write_manifest
from .memory import check_budget, check_memory
from .project_files import project_files, write_project
from .project_kinds import ProjectKind, project_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to export for: the board, the network's name in C, whether a trace is built in, what the passes do.

    `project` is the kind of project (`project_kinds.py`), the board's usual one if None.
    `schedule` is one of SCHEDULES; with `auto`, `ram` and `flash` are budgets in bytes. `canary` puts a guard behind
    every buffer; `context` lets the caller own the state. `int16_from` (kernels/weight_storage.py) is
    the planner's unless given. `labels` name the scores. `arch` is the architecture of a MicroPython module, by the
    board's core if None.
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
    int16_from: int | None = None
    project: str | None = None
    labels: tuple[str, ...] = ()
    arch: str | None = None


def export(model: Path, out: Path, options: ExportOptions) -> Manifest:
    """Write the project folder `out` for a model and a board, and return its manifest.

    The folder appears whole or not at all. Raises ModelError, UnsupportedError, DoesNotFitError, or
    ProjectError if `out` holds something else (or a project, without `force`).
    """
    try:
        content = model.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read model {model}: {error.strerror or error}", "check the path") from None
    kind = project_kind(options.project, options.board)
    options = _for_kind(options, kind)
    _check_target(out, options)
    made = optimize(parse_model(content, model.stem), options.passes)
    graph = made.graph
    _check_ends(graph)
    _check_operands(graph)
    check_accumulators(graph)
    check_labels(graph, options.labels)
    source = Source.of(model.name, content)
    target = core(options.board.core)
    net, manifest = _described(made, source, kind, options)
    files = project_files(net, options.board, kind, target.flags, options.labels)
    manifest |= {"build_id": files.build_id, "files": file_hashes(files.texts, files.copies)}
    texts = {**files.texts, "manifest.json": write_manifest(manifest)}
    write_project(out, replace(files, texts=texts), content)
    return manifest


def _described(
    made: Optimized, source: Source, kind: ProjectKind, options: ExportOptions
) -> tuple[NetworkView, Manifest]:
    """The network as templates see it, and what the manifest says of it, but for the files."""
    target = core(options.board.core)
    picked = _picked(made.graph, options, target)
    net = network_view(
        picked.plan,
        source,
        name=options.name or Path(source.file).stem,
        trace=options.trace,
        promise=options.passes.input_range,
        context=options.context,
        core=target,
        int16_from=picked.variant.int16_from,
        detached=kind.detached,
    )
    if not kind.detached:
        check_memory(picked.plan, net, options.board)
    described = make_manifest(
        plan=picked.plan,
        net=net,
        source=source,
        board=options.board,
        kind=kind,
        flags=target.flags,
        made=made,
        passes=options.passes,
    )
    described |= {"labels": list(options.labels), "options": _wishes(options)}
    return net, described | (detached_manifest(net, options.arch) if kind.detached else {})


def _wishes(options: ExportOptions) -> Manifest:
    """What the schedule was picked by."""
    return {"schedule": options.schedule, "ram": options.ram, "flash": options.flash}


def _for_kind(options: ExportOptions, kind: ProjectKind) -> ExportOptions:
    """A MicroPython module has no static state, and the kernels of its architecture, not those of the board's core."""
    if not kind.detached:
        if options.arch is not None:
            raise InputError(f"a project of kind {kind.name} has no architecture", "leave --arch away")
        return options
    chosen = arch_of_core(options.board.core) if options.arch is None else arch(options.arch)
    check_arch(chosen, options.board.name or options.board.title, options.board.core)
    return replace(options, board=replace(options.board, core=chosen.core), arch=chosen.name, context=True)


def _check_ends(graph: Graph) -> None:
    if not graph.nodes:
        raise UnsupportedError(f"{graph.name} has no layers left to compute", "its output does not depend on its input")
    for what, tensors in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        if len(tensors) != 1:
            raise UnsupportedError(f"{graph.name} has {len(tensors)} {what}, 1 is supported")


def _check_operands(graph: Graph) -> None:
    for node in graph.nodes:
        activations = graph.inputs_of(node)[: operator_of(node.op).activations(node)]
        constant = [t.index for t in activations if t.data is not None]
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
    forced = options.int16_from
    ways = variants(graph, target) if forced is None else (replace(variant(graph, target, forced), usual=True),)
    found = points(graph, options.schedule, *ways)
    check_budget(options.name or graph.name, found, options.ram, options.flash)
    picked = pick(found, options.ram, options.flash)
    if not options.canary:
        return picked
    scratch = picked.variant.scratch_bytes
    return replace(picked, plan=plan_rows(graph, picked.plan.segments, guarded=True, scratch_bytes=scratch))
