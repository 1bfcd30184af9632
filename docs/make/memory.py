"""Writes docs/results/memory.md: RAM of every model by rows, measured, beside whole tensors and beside other engines.

`make bench`. Library RAM is `.data` + `.bss` of its object file in the ELF of the virtual STM32F405, stack is the
high-water mark of a verified run.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.operators.costs import activation_bytes
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.models import FOLDER

from .pages import RESULTS

BOARD: Final = "netduinoplus2"
HEAD: Final = """# Memory

Measured on the virtual STM32F405, output equal to the golden model. *By rows* is all that the library keeps (the
least RAM that `depthwise plan` finds); a camera that gives the image line by line needs no more than that and one
line. *With the image*: the caller's whole image and the scores counted. *Stack* is the high-water mark of the whole
firmware. *Whole tensors, at least*: input and output of the largest layer, what any engine needs that keeps feature
maps, before its own bookkeeping. Made by `make bench`.

| model | by rows | with the image | stack | whole tensors, at least | by rows of that |
|---|---|---|---|---|---|
"""
PEERS: Final = """
## vww_96_int8 beside other engines
RAM with the input image, and stack where it was measured.

| engine | RAM | |
|---|---|---|
| depthwise, image line by line | {line:,} | exact |
| depthwise, whole image | {image:,} | exact |
| TinyEngine | 60,724 | exact but for SAME padding with stride 2 |
| TinyMaix | 77,928 | not exact |
| microTVM 2022, CMSIS-NN + USMP | 92,456 | |
| TensorFlow Lite Micro | about 104,000 | 73,728 of tensors and about 30,000 of bookkeeping |
| NNoM + CMSIS-NN | 118,552 | its own quantization |
| onnx2c (QDQ) | 1.69 MB | |
"""


def main() -> None:
    """Write the tables."""
    models = [MODEL, *sorted(FOLDER.glob("*_int8.tflite"))]
    found = [measure(model) for model in models]
    text = HEAD + "".join(line(r) for r in found)
    vww = next((r for r in found if r["model"] == "vww_96_int8"), None)
    if vww is not None:
        rows = vww["ram"] + vww["row"] + vww["stack"]
        text += PEERS.format(line=rows, image=vww["ram"] + vww["ports"] + vww["stack"])
    (RESULTS / "memory.md").write_text(text)


def measure(model: Path) -> dict[str, Any]:
    """Build and verify a model on the virtual board; bytes of RAM."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        export(model, folder, ExportOptions(board=board(BOARD)))
        project = open_project(folder)
        sizes = build(project)
        with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
            verdict = verify(project, link, generated_inputs(project.graph, 2, seed=0))
    if not verdict.equal:
        raise ToolError(f"{model.name} differs on {BOARD}: {verdict.difference}")
    graph = project.graph
    image, scores = graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]
    return {
        "model": model.stem,
        "ram": sizes.library_ram_bytes,
        "row": image.row_bytes,
        "ports": image.elements + scores.elements,
        "stack": verdict.stack_bytes,
        "whole": max(activation_bytes(project.reference, n) for n in project.reference.nodes),
    }


def line(r: dict[str, Any]) -> str:
    """One line of the first table."""
    numbers = (r["ram"], r["ram"] + r["ports"], r["stack"], r["whole"])
    share = f"{r['ram'] / r['whole']:.0%}"
    return f"| {r['model']} | {' | '.join(f'{n:,}' for n in numbers)} | {share} |\n"


if __name__ == "__main__":
    main()
