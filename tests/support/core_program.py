"""Many small networks in one firmware of a virtual board: started once, it reports a checksum of every tensor.

The project is the one that is exported for the board; its network and its application are exchanged. Inputs lie in
flash, and a run takes place between calls of `core_begin` and `core_end`, where a plugin of the emulator may count.
"""

import socket
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.kernels.library import library_folders
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.project import Project, open_project
from tests.support.programs import Case
from tests.support.waiting import received, started

SUM: Final = np.dtype("<u4")
KEPT: Final = ("board.h", "crc32.c", "crc32.h", "link.h")
HEAD: Final = """
#include "board.h"
#include "crc32.h"
#include <string.h>
static uint32_t core_sums[MOST_SUMS];
static int8_t core_scores[MOST_SCORES] __attribute__((aligned(8)));
static __attribute__((noinline)) void core_begin(void) { __asm__ volatile("nop"); }
static __attribute__((noinline)) void core_end(void) { __asm__ volatile(""); }
static void core_check(int slot, const int8_t *data, int bytes)
{
    core_sums[slot] = dw_crc32(core_sums[slot], data, (size_t)bytes);
}
/* Around what is counted: a run, without copies that are ours. */
static __attribute__((noinline)) void core_start(void)
{
    dw_board_cycles_start();
    core_begin();
}
static __attribute__((noinline)) void core_stop(int slot)
{
    core_end();
    core_sums[slot] = (uint32_t)dw_board_cycles();
}
static void core_run(void (*run)(const int8_t *, int8_t *), const int8_t *given, const int *sizes)
{
    for (int i = 0; i < sizes[0]; i++, given += sizes[1]) {
        memset(core_sums, 0, sizeof core_sums);
        run(given, core_scores);
        core_check(sizes[3], core_scores, sizes[2]);
        dw_board_send((const uint8_t *)core_sums, (size_t)(sizes[3] + 2) * sizeof core_sums[0]);
    }
}
"""
MAIN: Final = """
int main(void)
{{
    dw_board_init();
    while (dw_board_receive() < 0) {{
    }}
{calls}    for (;;) {{
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class CoreProgram:
    """A firmware of some cases, and the views of their networks."""

    project: Project
    cases: tuple[Case, ...]
    views: tuple[NetworkView, ...]

    def faults(self, *, extra: tuple[str, ...] = (), log: Path | None = None) -> dict[str, str]:
        """Run it, on an emulator with `extra` arguments; by case, the first tensor that is not the golden model's."""
        return self.counted(extra=extra, log=log)[0]

    def counted(
        self, *, extra: tuple[str, ...] = (), log: Path | None = None
    ) -> tuple[dict[str, str], list[list[int]]]:
        """As `faults`, and for each case the ticks of the board's counter in each of its runs."""
        wanted = [list(_sums(case, view)) for case, view in zip(self.cases, self.views, strict=True)]
        got = self._reported(sum(map(len, wanted)) + sum(case.count for case in self.cases), extra, log)
        found: dict[str, str] = {}
        ticks: list[list[int]] = []
        for case, view, sums in zip(self.cases, self.views, wanted, strict=True):
            size = len(sums) // case.count + 1
            runs, got = [got[n * size : (n + 1) * size] for n in range(case.count)], got[case.count * size :]
            ticks.append([run[-1] for run in runs])
            mine = [n for run in runs for n in run[:-1]]
            at = next((at for at, both in enumerate(zip(mine, sums, strict=True)) if both[0] != both[1]), None)
            if at is not None:
                image, slot = divmod(at, len(_traced(view)) + 1)
                found[case.name] = f"image {image}: " + (
                    f"tensor {_traced(view)[slot]} differs" if slot < len(_traced(view)) else "the scores differ"
                )
        return found, ticks

    @property
    def compared(self) -> int:
        """Bytes of the tensors that are compared."""
        return sum(
            case.count * len(case.wanted(0)) + sum(case.golden[t].nbytes for t in _traced(view))
            for case, view in zip(self.cases, self.views, strict=True)
        )

    def _reported(self, count: int, extra: tuple[str, ...], log: Path | None) -> list[int]:
        with virtual_board(self.project.firmware, self.project.board, extra=extra, log=log) as url:
            host, port = url.removeprefix("socket://").split(":")
            with socket.create_connection((host, int(port))) as line:
                reported = started(line)
                while len(reported) < count * SUM.itemsize:
                    reported += received(line)
        assert len(reported) == count * SUM.itemsize
        return [int(n) for n in np.frombuffer(reported, SUM)]


def emptied_project(board_name: str, folder: Path) -> None:
    """Export a board's project without its network, and of its application what others need."""
    export(MODEL, folder, ExportOptions(board=board(board_name)))
    for path in [*(folder / "network").iterdir(), *(p for p in (folder / "app").iterdir() if p.name not in KEPT)]:
        path.unlink()


def add_headers(folder: Path) -> None:
    """Put the headers of all kernels beside networks."""
    for header in (path for place in library_folders() for path in place.glob("*.h")):
        (folder / header.name).write_bytes(header.read_bytes())


def core_program(cases: Sequence[Case], board_name: str, folder: Path, *, trace: bool = True) -> CoreProgram:
    """Build a firmware of cases for the board's core; without `trace` it checks the scores alone."""
    emptied_project(board_name, folder)
    views = tuple(_written(case, folder / "network", trace) for case in cases)
    (folder / "app" / "main.c").write_text(_main(cases, views))
    add_headers(folder / "network")
    subprocess.run(["make", "--silent", "-C", str(folder)], check=True, capture_output=True)
    return CoreProgram(open_project(folder), tuple(cases), views)


def _written(case: Case, folder: Path, trace: bool) -> NetworkView:
    """Write a network's C where the Makefile does not see it as a file of its own: they are one translation unit."""
    source = Source("model.tflite", "0" * 64)
    view = network_view(case.plan, source, name=case.name, trace=trace, core=case.core, int16_from=case.int16_from)
    for file, text in render_network(view).items():
        (folder / file.replace(".c", ".inc")).write_text(text)
    return view


def _main(cases: Sequence[Case], views: Sequence[NetworkView]) -> str:
    most = max(len(_traced(view)) for view in views) + 2, max(view.output_bytes for view in views)
    head = HEAD.replace("MOST_SUMS", str(most[0])).replace("MOST_SCORES", str(most[1]))
    return "".join([head, *map(_included, cases, views), MAIN.format(calls="".join(map(_call, cases, views)))])


def _included(case: Case, view: NetworkView) -> str:
    """The network's C, the hook for its trace, its inputs, and a function of one input and one output."""
    hook = f"void {case.name}_trace(int slot, int row, const int8_t *data, int bytes)\n"
    hook += "{ (void)row; core_check(slot, data, bytes); }\n"
    given = ", ".join(str(n) for i in range(case.count) for n in np.frombuffer(case.given(i), np.int8).tolist())
    sizes = case.count, view.input_bytes, view.output_bytes, len(_traced(view))
    return (
        f'#include "{case.name}.inc"\n{hook if _traced(view) else ""}'
        f"static const int8_t {case.name}_given[] __attribute__((aligned(8))) = {{ {given} }};\n"
        f"static const int {case.name}_sizes[] = {{ {', '.join(map(str, sizes))} }};\n"
        + (_single if view.image_form else _joined)(view)
    )


def _single(view: NetworkView) -> str:
    """Calls a network that has one input and one output."""
    return f"""static void {view.prefix}_counted(const int8_t *in, int8_t *out)
{{
{_counted(view, "in, out")}}}
"""


def _counted(view: NetworkView, arguments: str) -> str:
    """A run, and what counts it."""
    return f"core_start();\n{view.prefix}_run({arguments});\ncore_stop({len(_traced(view)) + 1});\n"


def _joined(view: NetworkView) -> str:
    """Calls a network that has several inputs or outputs with copies of its inputs."""
    copies = "".join(
        f"static int8_t in{n}[{p.bytes}] __attribute__((aligned(8)));\nmemcpy(in{n}, in + {p.first}, {p.bytes});\n"
        for n, p in enumerate(view.inputs)
    )
    members = ", ".join(f".{p.name} = in{n}" for n, p in enumerate(view.inputs))
    back = "".join(f"memcpy(out + {p.first}, outputs.{p.name}, {p.bytes});\n" for p in view.outputs)
    return f"""static void {view.prefix}_counted(const int8_t *in, int8_t *out)
{{
{copies}const struct {view.prefix}_inputs inputs = {{ {members} }};
static struct {view.prefix}_outputs outputs;
{_counted(view, "&inputs, &outputs")}{back}}}
"""


def _call(case: Case, view: NetworkView) -> str:
    reset = f"    {case.name}_reset();\n" if view.states else ""
    return f"{reset}    core_run({case.name}_counted, {case.name}_given, {case.name}_sizes);\n"


def _sums(case: Case, view: NetworkView) -> Iterator[int]:
    """What a case reports: for each image a checksum of each traced tensor, then one of the scores."""
    for number in range(case.count):
        for tensor in _traced(view):
            yield zlib.crc32(case.golden[tensor][number].tobytes())
        yield zlib.crc32(case.wanted(number))


def _traced(view: NetworkView) -> tuple[int, ...]:
    """Tensors that it reports, besides the scores."""
    return view.traced if view.trace else ()
