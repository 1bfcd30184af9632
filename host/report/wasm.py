"""The network's generated C as a module of WebAssembly, compiled by ziglang."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.errors import ToolError
from depthwise.codegen.kernels.library import library_folders
from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.codegen.targets.cores import core
from depthwise.host.children import run
from depthwise.host.compilers import EXTRA, ZIG, importable

from .subject import Subject

NAME: Final = "playground"
EXPORTS: Final = Path(__file__).resolve().parents[2] / "firmware" / "wasm" / "exports.c"
# Zig would check for undefined behaviour and trap; the functions of <string.h> must not call themselves.
FLAGS: Final = (
    *("-target", "wasm32-freestanding", "-std=c99", "-O2", "-nostdlib"),
    *("-ffreestanding", "-fno-builtin", "-fno-sanitize=undefined", "-Wl,--no-entry", "-Wl,--strip-all"),
)


def view_of(subject: Subject) -> NetworkView:
    """What templates see of the network: the kernels of the subject's core, its plan, its storage of weights."""
    assert subject.plan is not None
    assert subject.variant is not None
    return network_view(
        subject.plan,
        Source(subject.name, subject.sha256),
        name=NAME,
        trace=False,
        core=core(subject.target.core),
        int16_from=subject.variant.int16_from,
        most_scratch=subject.variant.most_scratch,
    )


def compiled(net: NetworkView) -> bytes:
    """A module that exports `memory`, `image()`, `scores()` and `run()`. Same network and compiler, same bytes.

    Assembly of the core is its twin in C there. Raises ToolError where ziglang is not installed, or does not compile.
    """
    if not importable(ZIG):
        raise ToolError("ziglang is not installed", EXTRA)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in render_network(net).items():
            (folder / file).write_text(text)
        sources = (EXPORTS, folder / f"{NAME}.c", FREESTANDING / "string.c")
        includes = (f"-I{path}" for path in (folder, *library_folders()))
        target = folder / f"{NAME}.wasm"
        command = [sys.executable, "-m", ZIG, "cc", *FLAGS, "-isystem", str(FREESTANDING), *includes]
        done = run([*command, *map(str, sources), "-o", str(target)])
        if done.returncode:
            raise ToolError(f"ziglang does not compile the network: {done.stderr.strip()[-300:]}", EXTRA)
        return target.read_bytes()
