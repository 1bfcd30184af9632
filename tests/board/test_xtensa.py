"""What is generated for Xtensa cores compiles with GCC, twins instead of assembly; what runs is test_virtual_boards."""

import shutil
import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import Source, network_view, variant
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import all_rows, plan_rows
from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.codegen.targets.cores import CORES
from depthwise.host.demo import MODEL
from tests.support.compiled import LIBRARY, STRICT
from tests.support.networks import random_network

COMPILER = "xtensa-lx106-elf-gcc"
NO_LIBC = FREESTANDING


@pytest.mark.skipif(shutil.which(COMPILER) is None, reason=f"no {COMPILER} (apt install gcc-xtensa-lx106)")
@pytest.mark.parametrize("network", ["digits", "random 3", "random 7", "random 12"])
def test_code_for_xtensa_compiles_strictly(network: str, tmp_path: Path) -> None:
    graph = optimize(read_model(MODEL) if network == "digits" else random_network(int(network.split()[1]))).graph
    core = CORES["xtensa-lx6"]
    plan = plan_rows(graph, all_rows(graph), scratch_bytes=variant(graph, core).scratch_bytes)
    view = network_view(plan, Source("m", "0" * 64), name="net", trace=True, core=core)
    for name, text in render_network(view).items():
        (tmp_path / name).write_text(text)
    flags = [*STRICT, "-ffreestanding", *core.flags.split(), f"-I{tmp_path}", *LIBRARY, f"-I{NO_LIBC}"]
    subprocess.run([COMPILER, *flags, "-c", str(tmp_path / "net.c"), "-o", str(tmp_path / "net.o")], check=True)
