"""Planned networks compiled into one program under AddressSanitizer; every row that their traces report.

One translation unit holds all of them, which takes half the time of one each. A function of a layer that is the same
text in several networks, but for its name, is compiled once: by another schedule most are. Without optimization the
functions of the library that are always inlined are called: a copy of each with all its checks at every call takes
five times as long to compile. A check for undefined behaviour that fails traps, which takes less to compile than saying
what was seen; a program that has failed is compiled again to say it.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.weight_storage import BALANCED
from depthwise.codegen.schedule import RowPlan
from depthwise.codegen.targets.cores import PLAIN, Core
from tests.support.compiled import LIBRARY, STRICT, write_network

SANITIZE: Final = "-fsanitize=address,undefined"
TELLING: Final = "-fno-sanitize-recover=all"
TRAPPING: Final = {"gcc": "-fsanitize-undefined-trap-on-error", "clang": "-fsanitize-trap=undefined"}
# Every access is checked by a function that is called, which takes less to compile than the same check in its place.
CALLING: Final = {
    "gcc": ("--param", "asan-instrumentation-with-call-threshold=0"),
    "clang": ("-mllvm", "-asan-instrumentation-with-call-threshold=0", "-fdiscard-value-names"),
}
SCORES: Final = -1
FUNCTION: Final = r"^(?:static|DW_[A-Z]+) [^;{}]*?\b(%s_\w+)\([^;{}]*\)\n\{\n.*?^\}\n"
CALLED: Final = """
#include "dw_fixedpoint.h"
#undef DW_INLINE
#define DW_INLINE static inline __attribute__((unused)) DW_PLACED
"""
HEAD: Final = """
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
static void report(int slot, int row, const int8_t *data, int bytes)
{
    const int head[] = { slot, row, bytes };
    fwrite(head, sizeof head, 1, stdout);
    fwrite(data, 1, (size_t)bytes, stdout);
}
static void run_images(const char *name, void (*run)(const int8_t *, int8_t *), int count, int input, int output)
{
    fprintf(stderr, "running %s.c\\n", name);
    for (int i = 0; i < count; i++) {
        int8_t *image = malloc((size_t)input), *scores = malloc((size_t)output);
        if (fread(image, 1, (size_t)input, stdin) != (size_t)input) { exit(1); }
        run(image, scores);
        report(-1, 0, scores, output);
        free(image);
        free(scores);
    }
}
"""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A planned network under a name of its own, inputs [N, …] to run it on, and what the golden model says.

    `inputs` are by tensor, or one array for a network with one input. The kernels are those of `core`; what it has as
    instructions is plain C here.
    """

    name: str
    plan: RowPlan
    inputs: Mapping[int, Array]
    golden: Mapping[int, Array]
    core: Core = PLAIN
    int16_from: int = BALANCED

    @staticmethod
    def of(
        name: str, plan: RowPlan, inputs: Mapping[int, Array] | Array, core: Core = PLAIN, int16_from: int = BALANCED
    ) -> "Case":
        """Ask the golden model."""
        given = checked_inputs(plan.graph, inputs)
        return Case(name, plan, given, run(plan.graph, given), core, int16_from)

    @property
    def count(self) -> int:
        """How often it runs."""
        return len(self.inputs[self.plan.graph.inputs[0]])

    def given(self, number: int) -> bytes:
        """What goes in for a run: the inputs one after the other."""
        return b"".join(self.inputs[i][number].tobytes() for i in self.plan.graph.inputs)

    def wanted(self, number: int) -> bytes:
        """What has to come out of it: the outputs one after the other."""
        return b"".join(self.golden[o][number].tobytes() for o in self.plan.graph.outputs)


@dataclass(frozen=True, slots=True)
class Problem:
    """The case that is not as the golden model says, and what was seen."""

    case: str
    seen: str

    def __str__(self) -> str:
        return f"{self.case}: {self.seen}"


Rows = list[tuple[int, bytes]]


def run_program(cases: Sequence[Case], folder: Path, compiler: str, level: str) -> Iterator[dict[int, Rows]]:
    """Rows of every traced tensor, and of SCORES, as they came: for each case in turn, for each of its images."""
    views = [write_network(case.plan, folder, case.name, core=case.core, int16_from=case.int16_from) for case in cases]
    _compiled_once([(case.name, folder / f"{case.name}.c") for case in cases])
    body = "".join(map(_included, cases, views))
    calls = "".join(map(_call, cases, views))
    head = (CALLED if level == "-O0" else "") + HEAD
    (folder / "program.c").write_text(f"{head}{body}\nint main(void)\n{{\n{calls}return 0;\n}}\n")
    given = b"".join(case.given(number) for case in cases for number in range(case.count))
    out, at = _said(compiler, level, folder, given), 0
    for case, view in zip(cases, views, strict=True):
        for _ in range(case.count):
            rows: dict[int, Rows] = {t: [] for t in (*view.traced, SCORES)}
            slot = 0
            while slot != SCORES:
                slot, row, count = np.frombuffer(out, np.int32, 3, at).tolist()
                rows[SCORES if slot == SCORES else view.traced[slot]].append((row, out[at + 12 : at + 12 + count]))
                at += 12 + count
            yield rows
    assert at == len(out)


def _said(compiler: str, level: str, folder: Path, given: bytes) -> bytes:
    """What program.c, compiled by a compiler at a level, says of what it is given. Raises CalledProcessError."""
    program = folder / f"program_{compiler}"
    how = [compiler, level, SANITIZE, *CALLING[compiler]]
    command = [*how, *STRICT, f"-I{folder}", *LIBRARY, str(folder / "program.c")]
    subprocess.run([*command, TRAPPING[compiler], "-o", str(program)], check=True, capture_output=True)
    try:
        return subprocess.run([str(program)], input=given, check=True, capture_output=True).stdout
    except subprocess.CalledProcessError:
        subprocess.run([*command, TELLING, "-o", str(program)], check=True, capture_output=True)
        subprocess.run([str(program)], input=given, check=True, capture_output=True)
        raise


def _compiled_once(networks: Sequence[tuple[str, Path]]) -> None:
    """Name functions of networks, by prefix and file, after the first one of the same text.

    What a function calls is part of its text under the name of the first one. A function in whose text its network's
    prefix stands for something else, a structure or what is there once for each network, stays.
    """
    first: dict[str, str] = {}
    for prefix, file in networks:
        known: dict[str, str] = {}

        def named(function: re.Match[str], prefix: str = prefix, known: dict[str, str] = known) -> str:
            text, name = function[0], function[1]
            called = {name: "", **known}
            same = re.sub(rf"\b{prefix}_\w+", lambda other: called.get(other[0], other[0]), text)
            known[name] = first.setdefault(same, name)
            return text if known[name] == name else f"#define {name} {known[name]}\n"

        function = re.compile(FUNCTION % prefix, re.MULTILINE | re.DOTALL)
        file.write_text(function.sub(named, file.read_text()))


def _included(case: Case, view: NetworkView) -> str:
    """The network's C, the hook for its trace, and a function of one input and one output where it has others."""
    hook = f"void {case.name}_trace(int slot, int row, const int8_t *data, int bytes)\n"
    included = f'#include "{case.name}.c"\n{hook}{{ report(slot, row, data, bytes); }}\n'
    return included if view.image_form else included + _joined(view)


def _joined(view: NetworkView) -> str:
    """Calls a network with copies of its inputs, each exactly as large as it is."""
    copies = "".join(
        f"int8_t *in{n} = malloc({p.bytes});\nmemcpy(in{n}, in + {p.first}, {p.bytes});\n"
        for n, p in enumerate(view.inputs)
    )
    members = ", ".join(f".{p.name} = in{n}" for n, p in enumerate(view.inputs))
    back = "".join(f"memcpy(out + {p.first}, outputs->{p.name}, {p.bytes});\n" for p in view.outputs)
    freed = "".join(f"free(in{n});\n" for n in range(len(view.inputs)))
    return f"""static void {view.prefix}_joined(const int8_t *in, int8_t *out)
{{
{copies}const struct {view.prefix}_inputs inputs = {{ {members} }};
struct {view.prefix}_outputs *outputs = malloc(sizeof *outputs);
{view.prefix}_run(&inputs, outputs);
{back}{freed}free(outputs);
}}
"""


def _call(case: Case, view: NetworkView) -> str:
    function = f"{case.name}_{'run' if view.image_form else 'joined'}"
    reset = f"{case.name}_reset();\n" if view.states else ""
    return f'{reset}run_images("{case.name}", {function}, {case.count}, {view.input_bytes}, {view.output_bytes});\n'
