"""From a model file to a project folder: everything that `make` and `depthwise verify` need, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.formats.front_end import model_bytes, parse_int8
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.bounds import check_accumulators
from depthwise.codegen.operators.moving import is_mover
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.schedule import Point, Report, nobody, plan_rows, steps
from depthwise.codegen.targets.archs import arch, arch_of_core, check_arch
from depthwise.codegen.targets.board_file import FILE
from depthwise.codegen.targets.boards import Board, core_of
from depthwise.codegen.targets.own_boards import PROJECTS_OWN

from .detached import detached_manifest
from .extras import Extras
from .hashes import content_hashes
from .labels import check_labels
from .manifest import Manifest, make_manifest, write_manifest
from .memory import application_bytes, check_memory, ordered_row_bytes
from .owned import MANIFEST
from .picked_way import Wishes, ways_on
from .picture_size import PictureSize, picture_size
from .placement import USUAL, Placement
from .project_files import project_files
from .project_kinds import ProjectKind, project_kind, with_app
from .replace import check_place, replace_project

MODEL: Final = "model.tflite"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What to export for: the board, the network's name in C, whether a trace is built in, what the passes do.

    `project` is the kind of project (`project_kinds.py`), the board's usual one if None. With `capture` its application
    sends the host pictures of the board's camera, too; `app` brings the application into a project that has none.
    `schedule` is one of SCHEDULES; with `auto`, `ram` and `flash` are budgets in bytes. `canary` puts a guard behind
    every buffer; `context` lets the caller own the state. `int16_from` (kernels/weight_storage.py) is
    the planner's unless given. `labels` name the scores. `arch` is the architecture of a MicroPython module, by the
    board's core if None. `placement` is where code and buffers lie. With `force` a project that is there gives way,
    but for files of the user's own; files of ours that were edited give way with `overwrite_edited` alone, which means
    `force` too, and keeps a copy.
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
    app: bool = False
    placement: Placement = USUAL
    overwrite_edited: bool = False
    capture: bool = False

    @property
    def replaces(self) -> bool:
        """Tell whether a project that is there may give way."""
        return self.force or self.overwrite_edited


def export(
    model: Path,
    out: Path,
    options: ExportOptions,
    kept: Callable[[Path], None] = lambda _: None,
    report: Report = nobody,
) -> Manifest:
    """Write the project folder `out` for a model and a board, and return its manifest.

    The project is replaced whole or not at all, no file of the user's is touched; `kept` is told of the copies of
    edited ones, `report` how far the search for a plan is. Raises ModelError, UnsupportedError, DoesNotFitError, or
    ProjectError if `out` holds something else (or a project, without `force`), or files in it were edited.
    """
    content = model_bytes(model)
    kind = project_kind(options.project, options.board)
    kind = with_app(kind) if options.app else kind
    options = _for_kind(options, kind)
    check_place(out, replace=options.replaces)
    made = optimize(parse_int8(content, model), options.passes)
    _check(made.graph, options)
    options.placement.check(kind)
    options = replace(options, board=options.placement.room(options.board))
    picked = _picked(made.graph, options, kind, report)
    manifest, contents = _rendered(made, picked, Source.of(model.name, content), options, kind)
    contents |= {MODEL: content}
    if options.board.own and options.board.name:
        contents |= {PROJECTS_OWN: (options.board.folder / FILE).read_bytes()}
    manifest |= {"files": content_hashes(contents)}
    contents |= {MANIFEST: write_manifest(manifest).encode()}
    for copy in replace_project(out, contents, replace=options.replaces, overwrite_edited=options.overwrite_edited):
        kept(copy)
    return manifest


def _rendered(
    made: Optimized, picked: Point, source: Source, options: ExportOptions, kind: ProjectKind
) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest but for its list of files, and the content of every file but the manifest and the model."""
    target, picture = core_of(options.board), _picture(made.graph, options, kind)
    net = network_view(
        picked.plan,
        source,
        name=options.name or made.graph.name,
        trace=options.trace,
        promise=options.passes.input_range,
        context=options.context,
        core=target,
        int16_from=picked.variant.int16_from,
        most_scratch=picked.variant.most_scratch,
        detached=kind.detached,
    )
    if not kind.detached:
        code = options.placement.among_data(made.graph, options.board)
        check_memory(picked.plan, net, options.board, more=_capture_bytes(picture), code=code)
    files = project_files(net, options.board, kind, target.flags, _extras(options, picture))
    manifest = make_manifest(
        way=picked,
        net=net,
        source=source,
        board=options.board,
        kind=kind,
        flags=target.flags,
        made=made,
        passes=options.passes,
    )
    manifest |= {"labels": list(options.labels), "options": _wishes(options), **_brought(options)}
    manifest |= detached_manifest(net, options.arch) if kind.detached else {}
    return manifest | {"build_id": files.build_id}, files.contents()


def _extras(options: ExportOptions, picture: PictureSize | None) -> Extras:
    return Extras(labels=options.labels, placement=options.placement, picture=picture)


def _check(graph: Graph, options: ExportOptions) -> None:
    _check_ends(graph)
    _check_operands(graph)
    check_accumulators(graph)
    check_labels(graph, options.labels)


def _picture(graph: Graph, options: ExportOptions, kind: ProjectKind) -> PictureSize | None:
    return picture_size(graph, kind) if options.capture else None


def _capture_bytes(picture: PictureSize | None) -> int:
    return 0 if picture is None else picture.static_bytes


def _brought(options: ExportOptions) -> Manifest:
    """What was asked for beside the kind's own files."""
    return {what: True for what, asked in (("app", options.app), ("capture", options.capture)) if asked}


def _wishes(options: ExportOptions) -> Manifest:
    """What the schedule was picked by."""
    budgets = {"schedule": options.schedule, "ram": options.ram, "flash": options.flash}
    return {**budgets, **options.placement.wishes}


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


def _check_operands(graph: Graph) -> None:
    """Movers copy constants too; those that read one alone are folded."""
    for node in graph.nodes:
        if is_mover(node.op):
            continue
        activations = graph.inputs_of(node)[: operator_of(node.op).activations(node)]
        constant = [t.index for t in activations if t.data is not None]
        if constant:
            raise UnsupportedError(f"{node} computes with constant tensor {constant[0]}", "fold it into the model")


def _picked(graph: Graph, options: ExportOptions, kind: ProjectKind, report: Report) -> Point:
    wishes = Wishes(options.schedule, options.ram, options.flash, options.int16_from)
    name = options.name or graph.name
    traced, target = len(steps(graph)) if options.trace else None, core_of(options.board)
    application = application_bytes(graph, traced, canary=options.canary, vectors=target.vectors)
    application += ordered_row_bytes(graph, target) if options.trace else 0
    application += _capture_bytes(_picture(graph, options, kind))
    application += options.placement.among_data(graph, options.board)
    ways = ways_on(
        graph, options.board, wishes, name=name, detached=kind.detached, application=application, report=report
    )
    picked = ways.picked
    if not options.canary:
        return picked
    scratch = picked.variant.scratch_bytes
    return replace(picked, plan=plan_rows(graph, picked.plan.segments, guarded=True, scratch_bytes=scratch))
