"""Layers of a network by the functions of ESP-NN, counted on a virtual board: a driver of ours for a folder of theirs.

Nothing of ESP-NN is part of this project: `esp_nn_counts` is given a folder of its sources, generic C among them
(`*_ansi.c`, `*_opt.c`), and compiles them as the board's project is compiled, but for warnings. A layer gets what the
golden model computed in front of it, and what it writes is compared by checksum.
"""

import shutil
import socket
import subprocess
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import AveragePool2D, Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.operators.parameters import conv_parameters, pool_parameters
from depthwise.codegen.operators.parts.weights import groups_of
from depthwise.codegen.operators.registry import weights_of
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import open_project
from depthwise.host.verify.inputs import generated_inputs
from tests.support.core_program import KEPT, MAIN
from tests.support.waiting import received, started

REPORT: Final = np.dtype([("crc", "<u4"), ("ticks", "<u4")])
WARNINGS: Final = "-Wall -Wextra -Wconversion -Wshadow -Werror"
DEFINES: Final = {
    "xtensa": "-DCONFIG_NN_OPTIMIZED=1 -DCONFIG_IDF_TARGET_ESP32=1 -DCONFIG_IDF_TARGET_ARCH_XTENSA=1",
    "rv32im": "-DCONFIG_NN_OPTIMIZED=1 -DCONFIG_IDF_TARGET_ESP32C3=1 -DCONFIG_IDF_TARGET_ARCH_RISCV=1",
}
HEAD: Final = """
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include "board.h"
#include "crc32.h"
#include "esp_nn.h"
static int8_t out[{largest}] __attribute__((aligned(8)));
int printf(const char *format, ...) {{ (void)format; return 0; }}
static void report(size_t bytes, uint32_t ticks)
{{
    const uint32_t found[2] = {{ dw_crc32(0, out, bytes), ticks }};
    dw_board_send((const uint8_t *)found, sizeof found);
}}
"""
CALL: Final = """    dw_board_cycles_start();
    layer{number}();
    report({bytes}, (uint32_t)dw_board_cycles());
"""
FOLDERS: Final = ("basic_math", "convolution", "fully_connected", "pooling")


@dataclass(frozen=True, slots=True)
class PeerLayer:
    """A layer of the model: instructions that ESP-NN took for it, and whether its output was the golden model's."""

    layer: int
    instructions: int
    exact: bool


def esp_nn_counts(graph: Graph, sources: Path, board_name: str, folder: Path) -> list[PeerLayer]:
    """Count each layer that ESP-NN has a function for on a virtual board whose ticks are instructions."""
    _, given = next(generated_inputs(graph, 1, seed=0))
    values = run(graph, given)
    nodes = [n for n in graph.nodes if type(n.op) in WRITERS]
    _project(sources, board_name, folder)
    (folder / "app" / "main.c").write_text(_main(graph, nodes, values))
    subprocess.run(["make", "--silent", "-C", str(folder)], check=True, capture_output=True)
    found = _reported(folder, len(nodes))
    return [
        PeerLayer(n.layer, int(one["ticks"]), int(one["crc"]) == zlib.crc32(values[n.output].tobytes()))
        for n, one in zip(nodes, found, strict=True)
    ]


def _project(sources: Path, board_name: str, folder: Path) -> None:
    """A project of the board with ESP-NN's generic C in the place of a network."""
    export(MODEL, folder, ExportOptions(board=board(board_name)))
    for path in [*(folder / "network").iterdir(), *(p for p in (folder / "app").iterdir() if p.name not in KEPT)]:
        path.unlink()
    theirs = [p for place in FOLDERS for end in ("ansi", "opt") for p in (sources / "src" / place).glob(f"*_{end}.c")]
    for path in [*theirs, *(sources / "include").glob("*.h"), *(sources / "src" / "common").glob("*.h")]:
        shutil.copy(path, folder / "network")
    (folder / "network" / "stdio.h").write_text("int printf(const char *format, ...);\n")
    makefile = folder / "Makefile"
    defines = DEFINES[board(board_name).core[:6]]
    makefile.write_text(makefile.read_text().replace(WARNINGS, f"-w {defines}"))


def _reported(folder: Path, count: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    project = open_project(folder)
    with virtual_board(project.firmware, project.board) as url:
        host, port = url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port))) as line:
            told = started(line)
            while len(told) < count * REPORT.itemsize:
                told += received(line)
    return np.frombuffer(told, REPORT)


def _main(graph: Graph, nodes: list[Node], values: Mapping[int, Array]) -> str:
    outputs = [graph.output_of(n).elements for n in nodes]
    parts = [HEAD.format(largest=max(outputs))]
    parts += [WRITERS[type(n.op)](graph, n, number, values) for number, n in enumerate(nodes)]
    calls = "".join(CALL.format(number=number, bytes=size) for number, size in enumerate(outputs))
    return "".join(parts) + MAIN.format(calls=calls)


def _array(kind: str, name: str, data: Iterable[int]) -> str:
    return f"static const {kind} {name}[] __attribute__((aligned(8))) = {{ {', '.join(map(str, data))} }};\n"


def _input(node: Node, number: int, values: Mapping[int, Array]) -> str:
    return _array("int8_t", f"in{number}", values[node.inputs[0]].ravel().tolist())


def _weights(graph: Graph, node: Node, number: int) -> str:
    """Weights, biases, multipliers and shifts."""
    weights, p = graph.inputs_of(node)[1].data, conv_parameters(graph, node)
    assert weights is not None
    bias = weights_of(node.op).bias(graph, node).astype(int)
    return "".join(
        (
            _array("int8_t", f"weights{number}", weights.ravel().tolist()),
            _array("int32_t", f"bias{number}", bias.tolist()),
            _array("int32_t", f"mult{number}", p.multipliers),
            _array("int32_t", f"shift{number}", p.shifts),
        )
    )


def _dims(name: str, shape: tuple[int, ...]) -> str:
    return f"const data_dims_t {name} = {{ {shape[2]}, {shape[1]}, {shape[3]}, 1 }};\n"


def _convolution(graph: Graph, node: Node, number: int, values: Mapping[int, Array]) -> str:
    op, p = node.op, conv_parameters(graph, node)
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    image, weights = graph.inputs_of(node)[:2]
    deep = isinstance(op, DepthwiseConv2D)
    kind, multiplier = ("dw_", f"{op.depth_multiplier}, ") if isinstance(op, DepthwiseConv2D) else ("", "")
    if not deep:
        assert groups_of(graph, node) == 1
    pairs = ", ".join(
        f"{{ {w}, {h} }}" for h, w in (op.stride, (op.pads.top, op.pads.left), op.dilation, (p.maximum, p.minimum))
    )
    return f"""{_input(node, number, values)}{_weights(graph, node, number)}
static void layer{number}(void)
{{
    {_dims("in", image.shape)}{_dims("filter", weights.shape)}{_dims("to", graph.output_of(node).shape)}
    const {kind}conv_params_t how = {{ {-p.input_zero_point}, {p.output_zero_point}, {multiplier}{pairs} }};
    const quant_data_t scale = {{ (int32_t *)shift{number}, (int32_t *)mult{number} }};
    esp_nn_{"depthwise_" if deep else ""}conv_s8(&in, in{number}, &filter, weights{number}, bias{number}, &to, out,
        &how, &scale);
}}
"""


def _dense(graph: Graph, node: Node, number: int, values: Mapping[int, Array]) -> str:
    p = conv_parameters(graph, node)
    filters, length = graph.inputs_of(node)[1].shape
    one = len(set(zip(p.multipliers, p.shifts, strict=True))) == 1
    scale = f"{p.shifts[0]}, {p.multipliers[0]}" if one else f"shift{number}, mult{number}"
    return f"""{_input(node, number, values)}{_weights(graph, node, number)}
static void layer{number}(void)
{{
    esp_nn_fully_connected{"" if one else "_per_ch"}_s8(in{number}, {-p.input_zero_point}, {length}, weights{number}, 0,
        bias{number}, out, {filters}, {p.output_zero_point}, {scale}, {p.minimum}, {p.maximum});
}}
"""


def _pool(graph: Graph, node: Node, number: int, values: Mapping[int, Array]) -> str:
    op, p = node.op, pool_parameters(graph, node)
    assert isinstance(op, AveragePool2D)
    (_, high, wide, channels), (_, rows, columns, _) = graph.inputs_of(node)[0].shape, graph.output_of(node).shape
    sizes = (columns, rows, *op.stride[::-1], *op.kernel[::-1], op.pads.left, op.pads.top, p.minimum, p.maximum)
    return f"""{_input(node, number, values)}
static void layer{number}(void)
{{
    esp_nn_avg_pool_s8(in{number}, {wide}, {high}, out, {", ".join(map(str, sizes))}, {channels});
}}
"""


Writer = Callable[[Graph, Node, int, Mapping[int, Array]], str]
WRITERS: Final[Mapping[type, Writer]] = {
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
    FullyConnected: _dense,
    AveragePool2D: _pool,
}
