"""The analyzers of gcc and clang have nothing to say of generated C."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.codegen.targets.cores import CORES
from depthwise.host.demo import MODEL
from tests.support.compiled import LIBRARY

ARM: Final = ("-mthumb", "-ffreestanding", f"-I{FREESTANDING}")
ANALYZERS: Final = {
    "gcc": ("gcc", "-O2", "-fanalyzer", "-c"),
    "arm-none-eabi-gcc": ("arm-none-eabi-gcc", "-O2", "-fanalyzer", "-c", *ARM),
    "clang": ("clang", "--analyze"),
    "clang for arm": ("clang", "--analyze", "--target=arm-none-eabi", *ARM),
}
# On other networks and cores gcc 12 loses count of arrays that one loop fills and another one reads, and takes what
# whole functions of assembly write through their pointers for unwritten: clang's analyzer sees all cores.
CASES: Final = [
    ("gcc", "host"),
    ("arm-none-eabi-gcc", "cortex-m4"),
    ("clang", "host"),
    *(("clang for arm", core) for core in ("cortex-m0plus", "cortex-m4", "cortex-m55")),
]


@pytest.mark.parametrize(("analyzer", "core_name"), CASES)
def test_an_analyzer_finds_nothing(analyzer: str, core_name: str, tmp_path: Path) -> None:
    command = ANALYZERS[analyzer]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    graph, core = optimize(read_model(MODEL)).graph, CORES[core_name]
    plan = choose(graph, "auto", variant(graph, core))
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False, core=core)
    for file, text in render_network(view).items():
        (tmp_path / file).write_text(text)
    cpu = core.cpu_flags[:1] if "arm" in analyzer else ()
    told = [*command, "-std=c99", *cpu, *LIBRARY, str(tmp_path / "net.c"), "-o", str(tmp_path / "o")]
    done = subprocess.run(told, check=True, capture_output=True, text=True)
    assert done.stderr == ""
