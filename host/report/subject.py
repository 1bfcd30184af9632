"""What a report is about: a model file, or a project with the very plan that its board runs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import Optimized, PassOptions
from depthwise.codegen.project.picked_way import Wishes, ways_on
from depthwise.codegen.schedule import RowPlan, Variant
from depthwise.codegen.targets.boards import Board, core_of
from depthwise.host.api.loading import load
from depthwise.host.api.planning import target_of
from depthwise.host.project import Project, board_of_project, exported_way, open_project
from depthwise.host.verify.predicted_time import cycles_of, predicted_layers


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Subject:
    """A network as it was read, what the exact passes leave, its plan and storage of weights; None for a float network.

    `target` is the board that is planned for, or what stands for one where only a core is. `cycles` are predicted, by
    the tensor that a layer computes; none where nobody predicts them. `labels` name the scores, if any do.
    """

    name: str
    sha256: str
    graph: Graph
    target: Board
    passes: PassOptions
    made: Optimized | None
    plan: RowPlan | None
    variant: Variant | None
    cycles: Mapping[int, int]
    labels: tuple[str, ...] = ()


def subject_of(path: Path, board: str | None = None, core_name: str | None = None) -> Subject:
    """Read a model file, or a project folder, which has a board of its own.

    A model is planned for a board or a core, Cortex-M4 if neither is given. Raises InputError for a board beside a
    project, and what `load` and `open_project` raise.
    """
    if path.is_dir():
        if board is not None or core_name is not None:
            raise InputError(f"the project {path} has a board", "give its model.tflite for another one")
        return _of_project(open_project(path))
    net = load(path)
    target = target_of(board, core_name if board or core_name else "cortex-m4")
    plan, variant, cycles = None, None, dict[int, int]()
    if net.made is not None:
        picked = ways_on(net.made.graph, target, Wishes(), name=net.name).picked
        plan, variant = picked.plan, picked.variant
        cycles = cycles_of(picked, core_of(target))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Subject(
        name=net.name,
        sha256=sha256,
        graph=net.graph,
        target=target,
        passes=net.passes,
        made=net.made,
        plan=plan,
        variant=variant,
        cycles=cycles,
    )


def _of_project(project: Project) -> Subject:
    way = exported_way(project) or ways_on(project.graph, project.board, Wishes()).picked
    return Subject(
        name=str(project.manifest["name"]),
        sha256=project.model_sha256,
        graph=project.reference,
        target=board_of_project(project),
        passes=project.passes,
        made=project.made,
        plan=way.plan,
        variant=way.variant,
        cycles=predicted_layers(project),
        labels=tuple(project.manifest.get("labels", ())),
    )
