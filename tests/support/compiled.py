"""Generated C compiled for this machine and called over ctypes, every traced tensor collected."""

import ctypes
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.kernels.library import library_folders
from depthwise.codegen.kernels.weight_storage import BALANCED
from depthwise.codegen.passes import Optimized, PassOptions, optimize
from depthwise.codegen.passes.intervals import WIDEST, Range
from depthwise.codegen.schedule import RowPlan, choose
from depthwise.codegen.targets.cores import PLAIN, Core

LIBRARY: Final = tuple(f"-I{folder}" for folder in library_folders())
STRICT: Final = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
SANITIZE: Final = {
    "gcc": ("-fsanitize=undefined", "-fsanitize-undefined-trap-on-error"),
    "clang": ("-fsanitize=undefined", "-fsanitize-trap=undefined"),
}
TRACE = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int8), ctypes.c_int)
HOOK: Final = """
#include "net.h"
static void (*hook)(int, int, const int8_t *, int);
void set_hook(void (*given)(int, int, const int8_t *, int));
void set_hook(void (*given)(int, int, const int8_t *, int)) { hook = given; }
void net_trace(int slot, int row, const int8_t *data, int bytes) { hook(slot, row, data, bytes); }
"""
PROMISE: Final = """
extern int broken_position, broken_value;
int broken_position = -1, broken_value = 0;
void net_broken_promise(int position, int value)
{ if (broken_position < 0) { broken_position = position; broken_value = value; } }
"""
EVERYTHING: Final = PassOptions(rewrite=False)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A network compiled into a shared library of this machine; `made` is how its graph came to be.

    `image_form`: it is called with an image and scores, else with structures.
    """

    graph: Graph
    traced: tuple[int, ...]
    library: ctypes.CDLL
    made: Optimized
    image_form: bool

    def run(self, image: Array) -> tuple[Array, dict[int, bytes]]:
        """Scores and the bytes of every traced tensor, by tensor index, for one image, which is the first."""
        seen: dict[int, bytearray] = {t: bytearray() for t in self.traced}

        def collect(slot: int, row: int, data: "ctypes._Pointer[ctypes.c_int8]", count: int) -> None:
            assert len(seen[self.traced[slot]]) == row * count
            seen[self.traced[slot]] += ctypes.string_at(data, count)

        hook = TRACE(collect)
        self.library.set_hook(hook)
        if self.graph.states:
            self.library.net_reset()
        output = self.graph.tensors[self.graph.outputs[0]]
        scores = np.zeros(output.shape, output.dtype.value)
        given = np.ascontiguousarray(image)
        inputs = given.ctypes.data_as(ctypes.c_void_p)
        if not self.image_form:  # the inputs are a structure of pointers, here of one
            inputs = ctypes.cast(ctypes.pointer(inputs), ctypes.c_void_p)
        self.library.net_run(inputs, scores.ctypes.data_as(ctypes.c_void_p))
        return scores, {t: bytes(b) for t, b in seen.items()}


def library_of(text: str, folder: Path) -> ctypes.CDLL:
    """Functions of C that includes headers of the library, compiled in a folder."""
    source, library = folder / "library.c", folder / "library.so"
    source.write_text(text)
    command = ["gcc", "-O1", "-shared", "-fPIC", *STRICT, *LIBRARY, str(source), "-o", str(library)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))


def write_network(
    plan: RowPlan,
    folder: Path,
    name: str = "net",
    promise: Range = WIDEST,
    core: Core = PLAIN,
    int16_from: int = BALANCED,
) -> NetworkView:
    """Render the library of a planned network with a trace into a folder."""
    view = network_view(
        plan, Source("model.tflite", "0" * 64), name=name, trace=True, promise=promise, core=core, int16_from=int16_from
    )
    for file, text in render_network(view).items():
        (folder / file).write_text(text)
    return view


def compile_network(
    graph: Graph,
    folder: Path,
    compiler: str = "gcc",
    passes: PassOptions = EVERYTHING,
    schedule: str = "auto",
) -> Compiled:
    """Render and compile a graph strictly, with the undefined-behaviour sanitizer."""
    made = optimize(graph, passes)
    view = write_network(choose(made.graph, schedule), folder, promise=passes.input_range)
    (folder / "hook.c").write_text(HOOK + (PROMISE if view.promise else ""))
    library = folder / f"net_{compiler}.so"
    sources = [str(folder / "net.c"), str(folder / "hook.c")]
    command = [compiler, "-O1", "-shared", "-fPIC", *STRICT, *SANITIZE[compiler], f"-I{folder}", *LIBRARY]
    subprocess.run([*command, *sources, "-o", str(library)], check=True)
    return Compiled(made.graph, view.traced, ctypes.CDLL(str(library)), made, view.image_form)
