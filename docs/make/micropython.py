"""Writes docs/results/micropython-table.md: modules of two networks for every architecture, compiled, linked, run.

`make natmods`. Models: the bundled one, and visual wake words where the tests' models are (`$DEPTHWISE_MODELS`).
"""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from rich.progress import track

from depthwise.codegen.graph import Array
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.archs import ARCHS, Arch
from depthwise.codegen.targets.boards import bare_core
from depthwise.host.build.mpy.native_archs import arch_named
from depthwise.host.build.natmod import BuiltNatmod, build_natmods
from depthwise.host.compilers import stand_in
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from depthwise.host.verify.inputs import generated_inputs
from tests.support.arrays import stacked
from tests.support.models import FOLDER
from tests.support.mpy_sample import BOARDS, run_module
from tests.support.natmods import python
from tests.support.network_calls import expected, image_calls, weights_of

from .pages import RESULTS

INPUTS: Final = 4
HEAD: Final = f"""# MicroPython modules, architecture by architecture

Each network exported as a trace build, compiled by the compiler of that name, linked by depthwise's own linker, and
run with {INPUTS} inputs (random, extreme, constant); every tensor is compared with the golden model. x64 runs in
MicroPython's unix port; the others run on QEMU, behind a loader that does what MicroPython's does
(`tests/support/mpy`). `code` is the RAM that importing the module takes, `model` what one model keeps, `buffer` what
it takes besides where its weights are read from a file and not used in place. Made by `make natmods`.

| ARCH | network | compiled by | linked, bytes | run on | tensors | differing | code | model | buffer | weights |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Write the table."""
    models = [p for p in (MODEL, FOLDER / "vww_96_int8.tflite") if p.exists()]
    pairs = [(arch, model) for arch in ARCHS.values() for model in models]
    rows = [row(arch, model) for arch, model in track(pairs, "modules")]
    (RESULTS / "micropython-table.md").write_text(HEAD + "".join(rows))


def row(arch: Arch, model: Path) -> str:
    """One line of the table."""
    native = arch_named(arch.name)
    other = stand_in(native.prefix)
    if other is None and shutil.which(native.compiler) is None:
        return f"| {arch.name} | {model.stem} | {native.compiler} is not here |" + " |" * 8 + "\n"
    compiler = other.name if other else native.compiler
    with tempfile.TemporaryDirectory(prefix="depthwise-natmod-") as scratch:
        folder = Path(scratch) / "project"
        options = ExportOptions(board=bare_core(arch.core), trace=True, project="micropython", arch=arch.name)
        manifest = export(model, folder, options)
        project = open_project(folder)
        (built,) = build_natmods(project)
        given = stacked(project.graph, generated_inputs(project.graph, INPUTS, seed=0))
        found, size = _crcs(project, built, given), built.file_bytes
    wanted = [expected(project, image)[1] for image in given]
    differing = sum(
        a[i : i + 8] != b[i : i + 8] for a, b in zip(found, wanted, strict=True) for i in range(0, len(b), 8)
    )
    memory = (built.module.heap_bytes, manifest["ram_bytes"], manifest["buffer_bytes"], manifest["constant_bytes"])
    machine = {"x64": "MicroPython, unix", "xtensa": "sim, lx106"}.get(arch.name) or BOARDS[arch.name].name
    cells = (arch.name, model.stem, compiler, size, machine, len(project.traced), differing, *memory)
    return f"| {' | '.join(f'{c:,}' if isinstance(c, int) else c for c in cells)} |\n"


def _crcs(project: Project, built: BuiltNatmod, given: Array) -> list[str]:
    """Checksums of all tensors for each input, as the module gives them."""
    if built.module.arch == "x64":
        inputs = [image.tobytes() for image in given]
        script = f"import {built.path.stem} as m\nnet = m.Model()\nfor image in {inputs!r}:\n"
        return python(f"{script}    net.run(image)\n    print(net.crcs().hex())", built.path.parent)
    asked = image_calls(project, given, (weights_of(project),))
    printed = run_module(built.path.read_bytes(), built.module.arch, project.folder, tuple(asked))
    return printed[3::2]  # behind "ready" and the model: scores and checksums of each input


if __name__ == "__main__":
    main()
