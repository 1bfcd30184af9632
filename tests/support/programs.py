"""Planned networks compiled into one program under AddressSanitizer; every row that their traces report.

One translation unit holds all of them, which takes half the time of one each.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.weight_storage import BALANCED
from depthwise.codegen.schedule import RowPlan
from depthwise.codegen.targets.cores import PLAIN, Core
from tests.support.compiled import LIBRARY, STRICT, write_network

SANITIZE: Final = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
SCORES: Final = -1
HEAD: Final = """
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
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
    """A planned network under a name of its own, images [N, …] to run it on, and what the golden model says.

    The kernels are those of `core`; what it has as instructions is plain C here.
    """

    name: str
    plan: RowPlan
    images: Array
    golden: Mapping[int, Array]
    core: Core = PLAIN
    int16_from: int = BALANCED

    @staticmethod
    def of(name: str, plan: RowPlan, images: Array, core: Core = PLAIN, int16_from: int = BALANCED) -> "Case":
        """Ask the golden model."""
        return Case(name, plan, images, run(plan.graph, images), core, int16_from)


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
    body = "".join(map(_included, cases))
    (folder / "program.c").write_text(f"{HEAD}{body}\nint main(void)\n{{\n{''.join(map(_call, cases))}return 0;\n}}\n")
    program = folder / f"program_{compiler}"
    command = [compiler, level, *STRICT, *SANITIZE, f"-I{folder}", *LIBRARY, str(folder / "program.c")]
    subprocess.run([*command, "-o", str(program)], check=True, capture_output=True)
    given = b"".join(case.images.tobytes() for case in cases)
    out, at = subprocess.run([str(program)], input=given, check=True, capture_output=True).stdout, 0
    for case, view in zip(cases, views, strict=True):
        for _ in case.images:
            rows: dict[int, Rows] = {t: [] for t in (*view.traced, SCORES)}
            slot = 0
            while slot != SCORES:
                slot, row, count = np.frombuffer(out, np.int32, 3, at).tolist()
                rows[SCORES if slot == SCORES else view.traced[slot]].append((row, out[at + 12 : at + 12 + count]))
                at += 12 + count
            yield rows
    assert at == len(out)


def _included(case: Case) -> str:
    """The network's C, and the hook for its trace."""
    hook = f"void {case.name}_trace(int slot, int row, const int8_t *data, int bytes)\n"
    return f'#include "{case.name}.c"\n{hook}{{ report(slot, row, data, bytes); }}\n'


def _call(case: Case) -> str:
    macro = case.name.upper()
    sizes = f"{len(case.images)}, {macro}_INPUT_SIZE, {macro}_OUTPUT_SIZE"
    reset = f"{case.name}_reset();\n" if case.plan.graph.states else ""
    return f'{reset}run_images("{case.name}", {case.name}_run, {sizes});\n'
