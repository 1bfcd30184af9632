"""Writes docs/results/ram-code.md: networks whose code lies in RAM, on every board that QEMU runs.

By hand: `python -m docs.make.ram_code`.
"""

from typing import Final

from depthwise.codegen.project.placement import Placement
from depthwise.host.demo import MODEL
from tests.support.models import FOLDER

from .pages import RESULTS
from .verified import BOARDS, COLUMNS, INPUTS, row

MODELS: Final = (MODEL, FOLDER / "kws_dscnn_int8.tflite", FOLDER / "vww_96_int8.tflite")
HEAD: Final = f"""# Code in RAM, verified

Made by `python -m docs.make.ram_code`; do not edit.

As [verified](verified.md), with a trace and {INPUTS} inputs, of projects exported with `--ram-code`: the network's RAM
is its state and its code, to the byte; on `xtensa-lx` with forms of loops that the linker leaves out of the image.
Where these do not fit a board, it is left out.

"""


def main() -> None:
    """Write the table; one board after another."""
    placed = Placement(ram_code=True)
    rows = [row(model, name, placed) for model in MODELS for name in BOARDS if name != "host"]
    (RESULTS / "ram-code.md").write_text(HEAD + COLUMNS + "".join(rows))


if __name__ == "__main__":
    main()
