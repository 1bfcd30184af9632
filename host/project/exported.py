"""An exported project folder, read back: manifest, model, board, firmware image."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from depthwise.codegen.errors import ProjectError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.project.export import MODEL
from depthwise.codegen.project.manifest import passes_of
from depthwise.codegen.project.owned import read_manifest
from depthwise.codegen.project.project_kinds import ProjectKind, project_kind, with_app
from depthwise.codegen.project.replace import finish_interrupted
from depthwise.codegen.targets.boards import Board, bare_core, board, read_board
from depthwise.codegen.targets.own_boards import PROJECTS_OWN

EXPORT_AGAIN: Final = "export again with --force"


@dataclass(frozen=True, slots=True)
class InputPiece:
    """So many bytes of an input, from its byte `first` on."""

    tensor: int
    first: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project folder and what its manifest says; the passes are applied again to its own copy of the model."""

    folder: Path
    manifest: dict[str, Any]
    board: Board
    kind: ProjectKind
    passes: PassOptions
    made: Optimized

    @property
    def graph(self) -> Graph:
        """What the board computes: the network behind the exact passes."""
        return self.made.graph

    @property
    def reference(self) -> Graph:
        """Every layer of the model, what the golden model computes."""
        return self.made.reference

    def computed(self, golden: Mapping[int, Array]) -> dict[int, Array]:
        """What the board has to compute, by tensor, from the golden model's tensors of the reference."""
        states = (s.before for s in self.graph.states)
        tensors = (*self.graph.inputs, *states, *(n.output for n in self.graph.nodes))
        return {t: self.made.survivors[t].of(golden[t]) for t in tensors}

    def sent(self, values: Mapping[int, Array]) -> bytes:
        """Inputs [T, …] by tensor as they go to the board: row after row in the order in which the network takes them.

        A module of MicroPython takes them whole, one after the other. Raises ProjectError if the manifest has another
        number of rows.
        """
        count = len(values[self.graph.inputs[0]])
        return b"".join(self._sent_once({i: value[n : n + 1] for i, value in values.items()}) for n in range(count))

    def _sent_once(self, values: Mapping[int, Array]) -> bytes:
        whole = {i: np.ascontiguousarray(values[i]).tobytes() for i in self.graph.inputs}
        return b"".join(whole[p.tensor][p.first : p.first + p.count] for p in self.pieces)

    @property
    def pieces(self) -> tuple[InputPiece, ...]:
        """Pieces of the inputs in the order in which the board takes them. Raises ProjectError as `sent`."""
        inputs, order = self.graph.inputs, self.manifest.get("row_order")
        if order is None or self.kind.detached:
            return tuple(InputPiece(i, 0, size) for i, size in zip(inputs, self.input_sizes, strict=True))
        return tuple(self._by_rows(order))

    def _by_rows(self, order: list[list[int]]) -> Iterator[InputPiece]:
        taken = [0] * len(self.graph.inputs)
        for number, rows in order:
            if number >= len(taken):
                raise ProjectError(f"the manifest takes rows of input {number}, there are {len(taken)}", EXPORT_AGAIN)
            tensor = self.graph.inputs[number]
            size = rows * self.graph.tensors[tensor].row_bytes
            yield InputPiece(tensor, taken[number], size)
            taken[number] += size
        if tuple(taken) != self.input_sizes:
            raise ProjectError(
                f"the manifest takes {sum(taken):,} bytes of inputs, there are {self.input_bytes:,}", EXPORT_AGAIN
            )

    def received(self, outputs: bytes) -> dict[int, bytes]:
        """Outputs as they come from the board, one after the other for each run, by tensor."""
        found, at = dict.fromkeys(self.graph.outputs, b""), 0
        while at < len(outputs):
            for tensor in self.graph.outputs:
                found[tensor] += outputs[at : at + self.graph.tensors[tensor].nbytes]
                at += self.graph.tensors[tensor].nbytes
        return found

    def given_back(self, values: Mapping[int, Array]) -> bytes:
        """Outputs [T, …] by tensor as they come from the board; the inverse of `received`."""
        count = len(values[self.graph.outputs[0]])
        return b"".join(values[output][n].tobytes() for n in range(count) for output in self.graph.outputs)

    @property
    def sequence(self) -> int:
        """How many inputs a board takes one after another, from its initial state on; 1 of a network without state."""
        return int(self.manifest.get("sequence", 1))

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs in C; one input alone is called `input`."""
        return tuple(str(p["name"]) for p in self.manifest.get("inputs", [{"name": "input"}]))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs in C; one output alone is called `scores`."""
        return tuple(str(p["name"]) for p in self.manifest.get("outputs", [{"name": "scores"}]))

    @property
    def input_sizes(self) -> tuple[int, ...]:
        """Bytes of each input."""
        return tuple(self.graph.tensors[i].nbytes for i in self.graph.inputs)

    @property
    def input_bytes(self) -> int:
        """Bytes of all inputs."""
        return sum(self.input_sizes)

    @property
    def output_bytes(self) -> int:
        """Bytes of all outputs."""
        return sum(self.graph.tensors[o].nbytes for o in self.graph.outputs)

    @property
    def firmware(self) -> Path:
        """What `depthwise build` makes: an ELF image, for a library an archive, for MicroPython a module."""
        names = {"name": self.manifest["name"], "board": self.board.name, "arch": self.manifest.get("arch")}
        return self.folder / self.kind.image.format(**names)

    @property
    def runs_here(self) -> bool:
        """Tell whether the image runs on the board's virtual twin: it is built for that board alone."""
        own = self.kind.app is not None and self.kind.board is not None
        return self.board.virtual and own and not self.kind.brings

    @property
    def model_sha256(self) -> str:
        """SHA-256 of the model the project was exported from."""
        return str(self.manifest["model"]["sha256"])

    @property
    def traced(self) -> tuple[int, ...]:
        """Tensor of each trace slot; empty without a trace."""
        return tuple(self.manifest["traced"]) if self.manifest["trace"] else ()


def open_project(folder: Path) -> Project:
    """Read a project folder; an export that was interrupted is finished first.

    Raises ProjectError if it is none, damaged, or of another version.
    """
    finish_interrupted(folder)
    manifest = read_manifest(folder)
    try:
        model = (folder / MODEL).read_bytes()
    except OSError as error:
        raise ProjectError(f"cannot read {folder / MODEL}: {error.strerror}", EXPORT_AGAIN) from None
    check_model(folder / MODEL, model, str(manifest["model"]["sha256"]))
    passes = passes_of(manifest)
    made = optimize(parse_model(model, str(manifest["name"])), passes)
    name = str(manifest["board"])
    target = _board(folder, name) if name else bare_core(str(manifest["core"]))
    target = replace(target, code_in_ram=bool(manifest.get("options", {}).get("ram_code")))
    kind = project_kind(str(manifest["project"]), target)
    return Project(
        folder=folder,
        manifest=manifest,
        board=target,
        kind=with_app(kind) if manifest.get("app") else kind,
        passes=passes,
        made=made,
    )


def _board(folder: Path, name: str) -> Board:
    """The board of a project: a board of the user's own is described in the project."""
    own = folder / PROJECTS_OWN
    found = read_board(own) if own.is_file() else board(name)
    if found.name != name:
        raise ProjectError(f"{own} describes {found.name}, the project is for {name}", EXPORT_AGAIN)
    return found


def check_model(path: Path, content: bytes, wanted: str) -> None:
    """Raise ProjectError if a project's model file is not the one it was exported from, by its SHA-256.

    A board that computes what was exported would be called wrong by any other.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ProjectError(
            f"{path} has changed since the export: its SHA-256 is {found[:12]}, that of the export {wanted[:12]}",
            "put the old file back, or export the new one into its own project",
        )
