"""A zip file with everything that explains a difference, to be attached to an issue. It holds no weights."""

import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import numpy as np
import serial

from depthwise.codegen.graph import Array
from depthwise.codegen.version import VERSION
from depthwise.host.children import run
from depthwise.host.link.ports import scheme_of
from depthwise.host.project import Project
from depthwise.host.verify import VerifyReport

from .explain.project_facts import hashes_now
from .verdict import Verdict

# Zip files know no time before this.
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
README: Final = """What this is: one difference between a board and the golden model, as `depthwise verify` found it.

explanation.txt    where it differs and why, in words
verdict.json       the same as data
hello.json         what the board says of itself
manifest.json      what was exported: shapes, scales, layers, flags, no weights
input.{inputs}          the input, int8
expected.npy       the layer's output as it has to be, int8
windows.json       bytes of it that the board computed, by offset, with checksums
scores.{scores}         the scores the board gave
environment.json   versions of the tool, Python, the system, the compiler
sources.json       SHA-256 of every exported file, as it was exported and as it is now
link.json          what went over the line
{model}
To reproduce: export the model with the options of manifest.json, build, flash, and run
    depthwise verify FOLDER --port PORT --input input.{inputs}
"""


def write_bundle(project: Project, report: VerifyReport, port: str, to: Path | None, *, model: bool) -> Path:
    """Write the bundle of a report that differs, whole or not at all, and return its path.

    It goes to `to`, to `verify-bundle-1.zip` in the project's folder if that is None, or to the next free name with
    another number: what is there is never written over. Same report, same bytes. Raises OSError.
    """
    wanted = project.folder / "verify-bundle-1.zip" if to is None else to
    contents = _zipped(_members(project, report, port, model=model))
    with tempfile.NamedTemporaryFile(dir=wanted.parent, prefix=".verify-bundle-", delete=False) as scratch:
        path = Path(scratch.name)
        try:
            scratch.write(contents)
            scratch.close()
            path.chmod(0o644)
            return _linked(path, wanted)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _linked(path: Path, wanted: Path) -> Path:
    """Move a file to the wanted name, or to the next free one."""
    stem, _, number = wanted.stem.rpartition("-")
    stem, first = (stem, int(number)) if stem and number.isdecimal() else (wanted.stem, 1)
    names = (wanted.with_stem(f"{stem}-{number}") for number in count(first + 1))
    for name in chain([wanted], names):
        with suppress(FileExistsError):
            _move(path, name)
            return name
    raise AssertionError


def _move(path: Path, name: Path) -> None:
    """Give a file another name. Raises FileExistsError where there is one of that name."""
    try:
        os.link(path, name)
        path.unlink()
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        name.open("xb").close()
        try:
            path.replace(name)
        except BaseException:
            name.unlink()
            raise


def _members(project: Project, report: VerifyReport, port: str, *, model: bool) -> Iterator[tuple[str, bytes]]:
    case, node = report.case, report.node
    several = len(project.graph.inputs) > 1, len(project.graph.outputs) > 1
    inputs, scores = ("npz" if more else "npy" for more in several)
    itself = "model.tflite       the model itself\n" if model else ""
    yield "README.txt", README.format(model=itself, inputs=inputs, scores=scores).encode()
    yield "explanation.txt", explanation(report.verdict).encode()
    yield "verdict.json", _json(report.verdict.as_json())
    yield "hello.json", _json(asdict(report.hello))
    yield "manifest.json", _json(project.manifest)
    if case is not None:
        yield _arrays("input", dict(zip(project.input_names, case.inputs.values(), strict=True)))
    if case is not None and node is not None:
        wanted = case.golden[node.output]
        yield "expected.npy", _npy(wanted)
        yield "windows.json", _json([_window(wanted.tobytes(), p.offset, p.data, p.crc) for p in report.pieces])
        yield _arrays("scores", _outputs(project, report.scores))
    yield "environment.json", _json(_environment(project))
    now = hashes_now(project)
    sources = {n: {"exported": digest, "now": now[n]} for n, digest in project.manifest["files"].items()}
    yield "sources.json", _json({"build_id": project.manifest["build_id"], "files": sources})
    yield "link.json", _json({"scheme": scheme_of(port) or "device", **asdict(report.traffic)})
    if model:
        yield "model.tflite", (project.folder / "model.tflite").read_bytes()


def _outputs(project: Project, outputs: bytes) -> dict[str, Array]:
    """What a board gave, by the names of the outputs."""
    types = [project.graph.tensors[output].dtype.value for output in project.graph.outputs]
    received = zip(project.output_names, project.received(outputs).values(), types, strict=True)
    return {name: np.frombuffer(data, dtype) for name, data, dtype in received}


def _arrays(name: str, arrays: Mapping[str, Array]) -> tuple[str, bytes]:
    """One array as .npy, several as .npz."""
    if len(arrays) == 1:
        return f"{name}.npy", _npy(*arrays.values())
    return f"{name}.npz", _zipped((f"{key}.npy", _npy(array)) for key, array in arrays.items())


def explanation(verdict: Verdict) -> str:
    """Where a board differs and why, in words."""
    lines = [f"{verdict.name} on {verdict.board} ({verdict.core}): {verdict.difference}"]
    excerpt = verdict.difference.excerpt if verdict.difference else None
    if excerpt is not None:
        lines.append(f"{excerpt.differing} of {len(excerpt.got)} bytes differ from byte {excerpt.offset:,} on")
    if verdict.cause is not None:
        lines.append(f"{verdict.cause.kind.value}: {verdict.cause.summary}")
        lines += [f"- {text}" for text in verdict.cause.evidence]
        lines.append(f"next: {verdict.cause.next_step}")
    return "\n".join(lines) + "\n"


def _window(wanted: bytes, offset: int, data: bytes, crc: int) -> Mapping[str, Any]:
    expected = np.frombuffer(wanted[offset : offset + len(data)], np.int8).tolist()
    return {"offset": offset, "expected": expected, "got": np.frombuffer(data, np.int8).tolist(), "crc": f"{crc:08x}"}


def _environment(project: Project) -> Mapping[str, Any]:
    return {
        "depthwise": VERSION,
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "pyserial": serial.__version__,
        "system": platform.platform(),
        "compiler": _compiler(f"{project.board.toolchain}gcc"),
        "build_flags": project.manifest["build_flags"],
        "cpu_flags": list(project.board.cpu_flags),
    }


def _compiler(name: str) -> str:
    """First line of what a compiler says of itself."""
    try:
        said = run([name, "--version"], seconds=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return f"{name}: not found"
    return said.splitlines()[0] if said else name


def _zipped(members: Iterator[tuple[str, bytes]]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return memory.getvalue()


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=2) + "\n").encode()


def _npy(array: Array) -> bytes:
    memory = io.BytesIO()
    np.save(memory, array)
    return memory.getvalue()
