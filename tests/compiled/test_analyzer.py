"""The analyzers of gcc and clang have nothing to say of generated C."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.passes import lower
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.codegen.targets.cores import CORES
from tests.support.compiled import LIBRARY
from tests.support.networks import NAMED_NETWORKS

ARM: Final = ("-mthumb", "-ffreestanding", f"-I{FREESTANDING}")
ANALYZERS: Final = {
    "gcc": ("gcc", "-O2", "-fanalyzer", "-c"),
    "arm-none-eabi-gcc": ("arm-none-eabi-gcc", "-O2", "-fanalyzer", "-c", *ARM),
    "clang": ("clang", "--analyze"),
    "clang for arm": ("clang", "--analyze", "--target=arm-none-eabi", *ARM),
}
CASES: Final = [
    (name, core)
    for name in ANALYZERS
    for core in (("cortex-m0plus", "cortex-m4", "cortex-m55") if "arm" in name else ("host",))
]


@pytest.mark.parametrize("network", ["mobilenet", "residual", "pad", "max_pool_same"])
@pytest.mark.parametrize(("analyzer", "core_name"), CASES)
def test_an_analyzer_finds_nothing(analyzer: str, core_name: str, network: str, tmp_path: Path) -> None:
    command = ANALYZERS[analyzer]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    graph, core = lower(NAMED_NETWORKS[network]()), CORES[core_name]
    plan = choose(graph, "rows", variant(graph, core))
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=False, core=core)
    for file, text in render_network(view).items():
        (tmp_path / file).write_text(text)
    told = [*command, "-std=c99", *core.cpu_flags[:1], *LIBRARY, str(tmp_path / "net.c"), "-o", str(tmp_path / "o")]
    done = subprocess.run(told, check=True, capture_output=True, text=True)
    assert done.stderr == ""
