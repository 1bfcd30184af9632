"""Writes quantization-layers.md among the results: what the slow techniques bring, and which layer costs what.

`python -m docs.make.quantization_layers`, ten minutes. Models and inputs as for quantization.py, fewer of these.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.quantize.loss_report import WEIGHED_ON, LossReport, report
from depthwise.codegen.quantize.measured_ranges import MEASURED, MEASURED_ON
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from tests.support.collapse import float_digits, shifted_digits
from tests.support.models import FOLDER
from tests.support.plausible import PLAUSIBLE

from .pages import RESULTS
from .quantization import CALIBRATION_SEED, MEASURING_SEED, answers, batches, compared

CALIBRATED, COMPARED, WORST = 100, 200, 3
PICTURES: Final = 20  # bundled digits
NETWORKS: Final = ("digits", *PLAUSIBLE)
TECHNIQUES: Final[Mapping[str, QuantizeOptions]] = {
    "default": QuantizeOptions(),
    "adaptive rounding": QuantizeOptions(adapt_rounding=True),
    "measured ranges": QuantizeOptions(MEASURED),
    "both": QuantizeOptions(MEASURED, adapt_rounding=True),
}
HEAD: Final = f"""# Quantization: adaptive rounding, measured ranges, costs of layers

How it is done: [guide/quantization.md](../guide/quantization.md). Made by `python -m docs.make.quantization_layers`.
Models and inputs are those of [quantization.md](quantization.md), which says what the columns are; here {CALIBRATED}
inputs to calibrate and {COMPARED} others to compare. The digits network is the bundled one in real numbers, on its own
pictures, shifted and speckled.

## Techniques on request

`--adaptive-rounding`, `--calibration measured`, each besides all that is done by default. They take two to four times
as long. *Measured ranges* are chosen on {MEASURED_ON} of the inputs to calibrate.

| model | technique | agreement | difference | logits |
|---|---|---|---|---|
"""
COSTS_HEAD: Final = f"""
## Which layer costs what

`--layer-costs`, on {WEIGHED_ON} inputs: the {WORST} layers of each model that cost most. *Alone in int8*: the logits
with that layer rounded, its weights and what it writes, and all others in float. *Alone in float*: the other way round;
beside it the logits with all layers in int8. A layer that stands out is one to widen, or to train with rounding.

| model | layer | operator | its SQNR | alone in int8 | alone in float | all in int8 |
|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Write the page, models side by side on two cores."""
    with ProcessPoolExecutor(2) as pool:
        chosen = list(pool.map(rows_of, NETWORKS))
    techniques = "".join(row for rows, _ in chosen for row in rows)
    weighed = "".join(row for _, rows in chosen for row in rows)
    (RESULTS / "quantization-layers.md").write_text(HEAD + techniques + COSTS_HEAD + weighed)


def network(name: str) -> tuple[Graph, Callable[[int, int], Array]]:
    """A float network, and what makes inputs for it by count and seed."""
    if name == "digits":
        return float_digits(), lambda count, seed: shifted_digits(count // PICTURES, seed)
    return read_model(FOLDER / f"{name}_float.tflite"), PLAUSIBLE[name]


def rows_of(name: str) -> tuple[list[str], list[str]]:
    """Rows of one model: techniques, and the layers that cost most."""
    original, make = network(name)
    calibration, x = make(CALIBRATED, CALIBRATION_SEED), make(COMPARED, MEASURING_SEED)
    wanted = answers(original, x)
    made = {how: quantize(original, batches(calibration), options) for how, options in TECHNIQUES.items()}
    rows = [f"| {name} | {how} | {compared(answers(q.graph, x), wanted)} |\n" for how, q in made.items()]
    return rows, costs(name, report(made["default"], batches(x), weigh=True))


def costs(name: str, found: LossReport) -> list[str]:
    """Rows of the layers of a model that cost most."""
    assert found.culprit is not None
    weighed = [layer for layer in found.layers if layer.alone_int8_db is not None]
    worst = sorted(weighed, key=lambda layer: layer.alone_int8_db or 0.0)[:WORST]
    return [
        f"| {name} | {r.layer} | {r.operator} | {r.sqnr_db:.1f} dB | {r.alone_int8_db:.1f} dB "
        f"| {r.alone_float_db:.1f} dB | {found.culprit.sqnr_db:.1f} dB |\n"
        for r in worst
    ]


if __name__ == "__main__":
    main()
