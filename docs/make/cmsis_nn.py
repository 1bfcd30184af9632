"""Layers of networks by the functions of CMSIS-NN, counted on virtual boards: a driver for a folder of theirs.

Nothing of CMSIS-NN is part of this project: its checkout is the folder $DEPTHWISE_CMSIS_NN, whose int8 sources are
compiled as the board's project is compiled, but at -O3 and without warnings. A layer gets what the golden model
computed in front of it, and what it writes is compared by checksum (cmsis_nn_layers.py writes the calls).
"""

import os
import shutil
import socket
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import Project, open_project
from tests.support.core_program import MAIN, emptied_project
from tests.support.waiting import received, started

from .cmsis_nn_call import Call
from .cmsis_nn_layers import WRITERS
from .counting import address, counts_in
from .operator_counts import BOARD

SOURCES: Final = os.environ.get("DEPTHWISE_CMSIS_NN")
REPORT: Final = np.dtype([("crc", "<u4"), ("scratch", "<u4"), ("status", "<i4")])
# Ours, and theirs: as a program with a C library, whose reads of a word by memcpy are instructions.
FLAGS: Final = {
    "-O2 -std=c99 -ffreestanding": "-O3 -std=gnu11",
    "-Wall -Wextra -Wconversion -Wshadow -Werror": "-w",
    "--specs=nano.specs ": "",
}
OTHER_TYPES: Final = ("_f16", "_f32", "_flt", "_s4", "_u8")
HEAD: Final = """
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "board.h"
#include "crc32.h"
#include "{header}"
static int8_t out[{largest}] __attribute__((aligned(8)));
static int32_t scratch[32768], more[32768];
static __attribute__((noinline)) void core_begin(void) {{ __asm__ volatile("nop"); }}
static __attribute__((noinline)) void core_end(void) {{ __asm__ volatile(""); }}
/* What a program has of the C library anyway. */
static __attribute__((noinline)) void copied(volatile const size_t *size)
{{
    memcpy(out, scratch, *size);
    memmove(out, out + *size, *size);
    memset(out, 0, sizeof out);
}}
static __attribute__((noinline)) void layer(int (*call)(int32_t, int32_t), const int32_t *sizes)
{{
    const size_t nothing = 0;
    copied(&nothing);
    core_begin();
    const int status = call(sizes[1], sizes[2]);
    core_end();
    const bool fit = sizes[1] <= (int32_t)sizeof scratch && sizes[2] <= (int32_t)sizeof more;
    const uint32_t crc = dw_crc32(0, out, (size_t)sizes[0]);
    const uint32_t found[3] = {{ crc, (uint32_t)(sizes[1] + sizes[2]), fit ? (uint32_t)status : 1 }};
    dw_board_send((const uint8_t *)found, sizeof found);
}}
"""
FUNCTION: Final = """{data}static __attribute__((noinline)) int layer{number}(int32_t bytes, int32_t more_bytes)
{{
    const cmsis_nn_context ctx = {{ scratch, bytes }}, more_ctx = {{ more, more_bytes }};
    (void)ctx;
    (void)more_ctx;
    return {call};
}}
"""
HEADER: Final = "arm_nnfunctions.h"
CALL: Final = "    layer(layer{number}, (const int32_t[]){{ {bytes}, {scratch}, {more} }});\n"


@dataclass(frozen=True, slots=True)
class CmsisLayer:
    """A node of a network: what CMSIS-NN takes for it, and whether its output was the golden model's."""

    node: Node
    instructions: int
    cycles: int
    scratch_bytes: int
    exact: bool


@dataclass(frozen=True, slots=True)
class WrittenLayer:
    """A node, what the golden model computes for it, and its call."""

    node: Node
    wanted: Array
    call: Call
    input_bytes: int


Given = tuple[Graph, Mapping[int, Array]]


def cmsis_nn_counts(
    written: Sequence[Sequence[WrittenLayer]], plugin: Path, folder: Path, board: str = BOARD
) -> list[list[CmsisLayer]]:
    """Counts of the layers of networks (`written_layers`), all in one firmware."""
    flat = [layer for layers in written for layer in layers]
    found = iter(_counted(flat, plugin, folder, board))
    return [[next(found) for _ in layers] for layers in written]


def written_layers(networks: Sequence[Given]) -> list[list[WrittenLayer]]:
    """For each network and its input, the calls of the layers that CMSIS-NN has a function for."""
    number, written = 0, []
    for graph, given in networks:
        values = run(graph, given)
        layers = []
        for node in graph.nodes:
            writer = WRITERS.get(type(node.op))
            call = None if writer is None else writer(graph, node, number, values)
            if call is not None:
                inputs = sum(values[t].nbytes for t in node.inputs if t in values and graph.tensors[t].data is None)
                layers.append(WrittenLayer(node, values[node.output], call, inputs))
                number += 1
        written.append(layers)
    return written


def _counted(layers: list[WrittenLayer], plugin: Path, folder: Path, board: str) -> list[CmsisLayer]:
    project = their_project(folder, main_of(layers), board)
    begin, end = (address(project, name) for name in ("core_begin", "core_end"))
    log = folder / "counts.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}")
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url:
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as line:
            told = started(line)
            while len(told) < len(layers) * REPORT.itemsize:
                told += received(line)
    return [
        CmsisLayer(
            one.node,
            *count,
            int(report["scratch"]),
            int(report["status"]) == 0 and int(report["crc"]) == zlib.crc32(one.wanted.tobytes()),
        )
        for one, report, count in zip(layers, np.frombuffer(told, REPORT), counts_in(log), strict=True)
    ]


def main_of(layers: Sequence[WrittenLayer]) -> str:
    """C of a program that calls layers and reports on each."""
    parts = [HEAD.format(header=HEADER, largest=max(one.wanted.nbytes for one in layers))]
    parts += [FUNCTION.format(number=i, data=one.call.data, call=one.call.call) for i, one in enumerate(layers)]
    calls = "".join(
        CALL.format(number=i, bytes=one.wanted.nbytes, scratch=one.call.scratch, more=one.call.more)
        for i, one in enumerate(layers)
    )
    return "".join(parts) + MAIN.format(calls=calls)


def empty_main(header: str) -> str:
    """C of a program in which the layer that is called and reported on does nothing."""
    nothing = "static int layer0(int32_t bytes, int32_t more_bytes) { return (void)bytes, (void)more_bytes, 0; }\n"
    call = CALL.format(number=0, bytes=0, scratch=0, more=0)
    return HEAD.format(header=header, largest=1) + nothing + MAIN.format(calls=call)


def their_project(folder: Path, main: str, board: str = BOARD) -> Project:
    """A project of a board with CMSIS-NN's sources of int8 in the place of a network."""
    assert SOURCES is not None, "set DEPTHWISE_CMSIS_NN"
    emptied_project(board, folder)
    for path in Path(SOURCES).glob("Source/*/*.[ch]"):
        if not any(word in path.stem for word in OTHER_TYPES):
            shutil.copy(path, folder / "network")
    (folder / "app" / "main.c").write_text(main)
    makefile = folder / "Makefile"
    makefile.write_text(with_their_flags(makefile.read_text(), Path(SOURCES).resolve() / "Include"))
    subprocess.run(["make", "--silent", "-j2", "-C", str(folder)], check=True, capture_output=True)
    return open_project(folder)


def with_their_flags(makefile: str, include: Path) -> str:
    """A board's Makefile, but for what theirs is compiled with."""
    for ours, theirs in FLAGS.items():
        assert ours in makefile, ours
        makefile = makefile.replace(ours, theirs)
    return makefile.replace("-Inetwork", f"-Inetwork -I{include}")
