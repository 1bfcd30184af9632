"""Writes docs/benchmarks.md and .json: instructions, modelled cycles, RAM, flash of every model on Cortex-M4.

`make bench`. The firmware without trace runs one inference on QEMU under m4cycles, a counting plugin; its
source is in the folder $DEPTHWISE_M4CYCLES; without it those two columns stay empty. The output is checked.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.boards import board
from depthwise.codegen.errors import ToolError
from depthwise.codegen.export import ExportOptions, export
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.inputs import generated_inputs
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.virtual import virtual_board
from tests.models import FOLDER

ROOT: Final = Path(__file__).resolve().parent.parent
PLUGIN: Final = os.environ.get("DEPTHWISE_M4CYCLES")
BOARD: Final = "netduinoplus2"
HEAD: Final = """# Benchmarks

One inference on a Cortex-M4 (QEMU, STM32F405), output equal to the golden model. Instructions are executed ones;
cycles are modelled (Cortex-M4 TRM timings, zero flash wait states): good for ratios, not for wall time. RAM is the
library's static block, the input and the output; flash is the library's code and constants. These are the plain
C kernels, compiled with `-O2`. MACs are those that the exact passes leave; vww_96_int8 has 7,489,664 in the model, of
which the peers below compute all. Made by `make bench`.

| model | MACs | instructions | cycles | cycles/MAC | RAM | stack | flash |
|---|---|---|---|---|---|---|---|
"""
PEERS: Final = """
## Peers, same model of cycles, vww_96_int8
| engine | instructions | cycles | cycles/MAC | RAM with input and stack | output |
|---|---|---|---|---|---|
| TinyEngine, float requantization | 19.71M | 24.99M | 3.34 | 60,724 | not exact |
| TinyEngine, integer | 24.45M | 29.37M | 3.92 | 60,724 | exact but for SAME padding with stride 2 |
| NNoM + CMSIS-NN | 20.91M | 25.93M | 3.46 | 118,552 | its own quantization |
| microTVM 2022, CMSIS-NN + USMP | 25.15M | 29.78M | 3.98 | 92,456 | |
| TinyMaix, SIMD / plain C | 37.0M / 54.7M | | | 77,928 | not exact |
| onnx2c (QDQ) | 106.8M | | | 1.69 MB | |
"""


def main() -> None:
    """Write both files."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        models = [MODEL, *sorted(FOLDER.glob("*_int8.tflite"))]
        results = [measure(model, plugin, Path(scratch) / model.stem) for model in models]
    (ROOT / "docs" / "benchmarks.json").write_text(json.dumps(results, indent=2) + "\n")
    (ROOT / "docs" / "benchmarks.md").write_text(HEAD + "".join(line(r) for r in results) + PEERS)


def compile_plugin(folder: Path) -> Path | None:
    """Compile the counting plugin, if one is named. Raises ToolError where its source is not there."""
    if PLUGIN is None:
        return None
    source = Path(PLUGIN) / "m4cycles.c"
    if not source.exists():
        raise ToolError(f"there is no {source}", "name the folder of m4cycles.c in $DEPTHWISE_M4CYCLES")
    library = folder / "m4cycles.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


def measure(model: Path, plugin: Path | None, folder: Path) -> dict[str, Any]:
    """Run one inference of a model and count."""
    export(model, folder, ExportOptions(board(BOARD)))
    project = open_project(folder)
    sizes = build(project)
    begin, end = (address(project, name) for name in (f"{project.manifest['name']}_push_row", "dw_board_cycles"))
    log = folder / "counts.txt"
    extra = ("-plugin", f"{plugin},begin={begin:#x},end={end:#x}") if plugin else ()
    with virtual_board(project.firmware, project.board, extra=extra, log=log) as url, Link.open(url) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 1, seed=0))
    if not verdict.equal:
        raise ToolError(f"{model.name} differs on {BOARD}: {verdict.difference}")
    counts = re.findall(r"insns=(\d+) cycles=(\d+)", log.read_text()) or [(0, 0)]
    return {
        "model": model.stem,
        "macs": verdict.macs,
        "instructions": sum(int(c[0]) for c in counts),
        "cycles": sum(int(c[1]) for c in counts),
        "ram_bytes": sizes.library_ram_bytes,
        "stack_bytes": verdict.stack_bytes,
        "flash_bytes": sizes.library_flash_bytes,
        "build_flags": project.manifest["build_flags"],
    }


def address(project: Project, name: str) -> int:
    """Address of a function in the image, Thumb bit clear."""
    command = [f"{project.board.toolchain}nm", str(project.firmware)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(rf"^([0-9a-f]+) T {name}$", listed, flags=re.MULTILINE)
    assert found is not None, name
    return int(found[1], 16) & ~1


def line(r: dict[str, Any]) -> str:
    """One line of the table."""
    numbers = (r[k] for k in ("macs", "instructions", "cycles"))
    head = " | ".join(f"{n:,}" if n else "" for n in numbers)
    per_mac = f"{r['cycles'] / r['macs']:.2f}" if r["cycles"] else ""
    tail = " | ".join(f"{r[k]:,}" for k in ("ram_bytes", "stack_bytes", "flash_bytes"))
    return f"| {r['model']} | {head} | {per_mac} | {tail} |\n"


if __name__ == "__main__":
    main()
