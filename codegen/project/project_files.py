"""The files of a project: what is rendered, and what is copied, for each kind of project."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.render import environment, finished, render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.kernels.library import library_header
from depthwise.codegen.targets.archs import arch_of_core
from depthwise.codegen.targets.boards import SHARED, Board
from depthwise.codegen.targets.includes import with_headers

from .camera_example import camera_files
from .detached import weights_file, weights_view
from .extras import Extras
from .hashes import build_id, file_hashes
from .picture_size import SIZE_BINDING, with_capture
from .project_kinds import NETWORK_BINDING, ProjectKind

FIRMWARE: Final = Path(__file__).resolve().parents[2] / "firmware"
LICENSE: Final = FIRMWARE / "LICENSE"  # beside what is copied: it is not the user's own
PORTS: Final = "dw_ports.h"  # of MicroPython's modules, for networks of several inputs or outputs


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Rendered texts and data by name, and files to be copied by folder; names are relative to the project.

    `build_id` is compiled into the firmware, so that a board can tell what it was built from.
    """

    texts: dict[str, str]
    copies: tuple[tuple[str, tuple[Path, ...]], ...]
    build_id: str
    data: dict[str, bytes] = field(default_factory=dict)

    def contents(self) -> dict[str, bytes]:
        """Content of every file, by its name in the project."""
        copied = {str(Path(folder, source.name)): source for folder, sources in self.copies for source in sources}
        rendered = {name: text.encode() for name, text in self.texts.items()}
        return {**rendered, **{name: source.read_bytes() for name, source in copied.items()}, **self.data}


def project_files(
    net: NetworkView,
    board: Board,
    kind: ProjectKind,
    flags: str,
    extras: Extras,
) -> ProjectFiles:
    """Everything of a project but its manifest and the model."""
    labels, placement, picture = extras.labels, extras.placement, extras.picture
    jinja, network = environment(), kind.network.format(name=net.prefix)
    values: dict[str, object] = {"net": net, "flags": flags, "kind": kind, "labels": labels, "placement": placement}
    values |= {"placed_flags": placement.flags(board)}
    values |= {"linker_symbols": (*board.linker_symbols, *placement.linker_symbols(board))}
    values |= _board_names(board, kind)
    if kind.detached:
        values |= {"weights": weights_view(net), "arch": arch_of_core(board.core).name}

    def rendered(names: dict[str, str]) -> dict[str, str]:
        found = {file.format(name=net.prefix): jinja.get_template(name) for file, name in names.items()}
        return {file: finished(file, template.render(values)) for file, template in found.items()}

    texts = rendered(dict((*kind.files, *placement.files(kind), *camera_files(net, board, kind))))
    if kind.app is not None and picture is not None:
        values["picture"] = picture
        texts |= rendered({f"{kind.app}/{SIZE_BINDING[0]}": SIZE_BINDING[1]})
    texts |= {str(Path(network, file)): text for file, text in render_network(net, labels).items()}
    copies = [(network, tuple(map(library_header, net.headers)))]
    if kind.app is not None:
        copies.append((kind.app, _application_sources(kind, capture=picture is not None)))
    if kind.board is not None:
        needed = tuple(f for f in _board_sources(board, kind) if f.name != PORTS or not net.image_form)
        copies.append((kind.board.format(name=net.prefix), needed))
    data = {f"{net.prefix}.weights": weights_file(net)} if kind.detached else {}
    copies = [(folder, (*sources, LICENSE)) for folder, sources in copies]
    built = build_id(file_hashes(texts, copies))
    values["build_id"] = built
    return ProjectFiles({**texts, **rendered(_application(net, kind))}, tuple(copies), built, data)


def _board_names(board: Board, kind: ProjectKind) -> dict[str, object]:
    """What templates say of the board: `called` is its name in this kind of project, in two parts if it has a colon."""
    called = dict(board.projects).get(kind.name, "")
    platform, _, variant = called.rpartition(":")
    files = {"linker_script": Path(board.linker_script).name, "driver": Path(board.driver).name}
    return {"board": board, **files, "called": called, "platform": platform, "variant": variant}


def _application_sources(kind: ProjectKind, *, capture: bool) -> tuple[Path, ...]:
    found = sorted((FIRMWARE / "app").glob("*.[ch]"))
    own_main = kind.brings or kind.board is None
    needed = tuple(f for f in found if f.name != "main.c" or not own_main)
    return with_capture(needed, FIRMWARE) if capture else needed


def _board_sources(board: Board, kind: ProjectKind) -> tuple[Path, ...]:
    if not kind.brings:
        return board.source_files
    return with_headers([f for pattern in kind.brings for f in sorted(FIRMWARE.glob(pattern))], SHARED)


def _application(net: NetworkView, kind: ProjectKind) -> dict[str, str]:
    """What binds the serial application to the network: file → template."""
    if kind.app is None:
        return {}
    names = dict([NETWORK_BINDING])
    if net.trace or net.guards:
        names["trace_glue.c"] = "project/trace.c.j2"
    if not net.static_state:
        names["state.c"] = "project/state.c.j2"
    return {f"{kind.app}/{file}": template for file, template in names.items()}
