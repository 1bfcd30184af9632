"""Writes docs/results/quantization.md: int8 models quantized here and published ones beside their float originals.

`python -m docs.make.quantization`. Models: the real ones the tests use (`$DEPTHWISE_MODELS`) and the bundled digits.
Inputs are made up (tests/support/plausible.py), other ones for calibration than for measuring.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.quantize.closeness import logits_of, real_values, sqnr_db
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.loss_report import report
from depthwise.codegen.quantize.observers import CALIBRATIONS
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from tests.support.collapse import float_digits, shifted_digits, unbalanced
from tests.support.models import FOLDER
from tests.support.plausible import PLAUSIBLE

from .pages import RESULTS

CALIBRATED_ON, MEASURED_ON, BATCH = 200, 500, 25
CALIBRATION_SEED, MEASURING_SEED = 1, 2
OCTAVES: Final = 10

Float64 = NDArray[np.float64]
TECHNIQUES: Final[Mapping[str, QuantizeOptions]] = {
    **{how: QuantizeOptions(how, equalize=False, correct_bias=False) for how in CALIBRATIONS},
    "mse, bias correction": QuantizeOptions(equalize=False),
    "mse, equalization": QuantizeOptions(correct_bias=False),
    "mse, equalization, bias correction (default)": QuantizeOptions(),
}
HEAD: Final = f"""# Quantization, measured

How it is done: [guide/quantization.md](../guide/quantization.md). Made by `python -m docs.make.quantization`. There is
no data set here: inputs are made up to look like what the networks were trained for, by `tests/support/plausible.py`.
Pictures (vww, ic): 1/f noise in random contrast, brightness and tint, with ellipses and rectangles of other noise in
front. Spectra (kws): the course of loudness of one word in silence, nine coefficients that change slowly. So the tables
say how well two networks agree, not how often they are right. Calibrated on {CALIBRATED_ON} inputs of one seed,
measured on {MEASURED_ON} of another.

## Beside the published int8 models

Both int8 models against the same float original, on the same inputs. *Agreement*: the largest output is the same.
*Difference*: mean absolute difference of the scores. *Logits*: signal to noise before the SOFTMAX; 6 dB are one bit.
The published models were calibrated on pictures and speech, ours on the inputs' own kind, which favours ours; the
float file of kws has 8-bit weights (hybrid), read as real numbers, while its published int8 model was made from
the unrounded ones, which favours ours too. The published vww clips 2.5 % of its logits here, where these pictures make
it surer than its own did: that is its low SQNR, and costs hardly an answer.

| model | int8 of | agreement | difference | logits | classes seen |
|---|---|---|---|---|---|
"""
TECHNIQUES_HEAD: Final = """
## What each technique brings

| model | technique | agreement | difference | logits |
|---|---|---|---|---|
"""
COLLAPSE_HEAD: Final = f"""
## Collapse of depthwise layers, and recovery

Before each depthwise layer, channels are multiplied by random factors 2^(−{OCTAVES}…0), and divided again behind: the
same function, with channels as unequal as batch normalization can leave them (Nagel et al., 2019). The digits network
is the bundled one in real numbers, its ReLU6 taken as ReLU, on its own test pictures, shifted and speckled; `minmax`
without bias correction, so that nothing else helps. *Culprit*: the layer that costs most, and the logits' SQNR
without and with it in float alone, where the network collapsed.

| model | equalization | agreement | difference | logits | culprit |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network says of all inputs, in real numbers."""

    scores: Float64
    logits: Float64


def main() -> None:
    """Write the page."""
    published, techniques = [], []
    for name in PLAUSIBLE:
        rows = real_model(name)
        published += rows[:2]
        techniques += rows[2:]
    text = HEAD + "".join(published) + TECHNIQUES_HEAD + "".join(techniques)
    (RESULTS / "quantization.md").write_text(text + COLLAPSE_HEAD + "".join(collapses()))


def real_model(name: str) -> list[str]:
    """Rows of one model: ours, the published one, then each technique."""
    original, there = read_model(FOLDER / f"{name}_float.tflite"), read_model(FOLDER / f"{name}_int8.tflite")
    calibration, x = PLAUSIBLE[name](CALIBRATED_ON, CALIBRATION_SEED), PLAUSIBLE[name](MEASURED_ON, MEASURING_SEED)
    wanted = answers(original, x)
    seen = "/".join(str(n) for n in np.bincount(wanted.scores.argmax(axis=1), minlength=wanted.scores.shape[1]))
    made = {how: quantize(original, batches(calibration), options).graph for how, options in TECHNIQUES.items()}
    cells = {how: compared(answers(graph, x), wanted) for how, graph in {**made, "published": there}.items()}
    *_, best = TECHNIQUES
    rows = [
        f"| {name} | {which} | {cells[how]} | {seen} |\n" for which, how in (("ours", best), ("published", "published"))
    ]
    return rows + [f"| {name} | {how} | {cells[how]} |\n" for how in TECHNIQUES]


def collapses() -> Iterator[str]:
    """Rows of networks with unbalanced channels."""
    vww = read_model(FOLDER / "vww_96_float.tflite")
    networks: list[tuple[str, Graph, Callable[[int, int], Array]]] = [
        ("digits", float_digits(), lambda count, seed: shifted_digits(count // 20, seed)),
        ("vww_96", vww, PLAUSIBLE["vww_96"]),
    ]
    for name, plain, make in networks:
        for which, graph in ((name, plain), (f"{name}, unbalanced", unbalanced(plain, OCTAVES, 3))):
            for equalize in (False, True):
                options = QuantizeOptions("minmax", equalize=equalize, correct_bias=False)
                made = quantize(graph, batches(make(CALIBRATED_ON, CALIBRATION_SEED)), options)
                r = report(made, batches(make(MEASURED_ON, MEASURING_SEED)))
                c = r.culprit
                blamed = "" if c is None else f"layer {c.layer}: {c.sqnr_db:.1f} → {c.sqnr_alone_float_db:.1f} dB"
                numbers = f"{r.agreement:.1%} | {r.mean_difference:.4f} | {r.logits_sqnr_db:.1f} dB"
                yield f"| {which} | {'yes' if equalize else 'no'} | {numbers} | {blamed} |\n"


def batches(values: Array) -> Callable[[], Iterator[Array]]:
    """An array as a stream."""
    return lambda: (values[i : i + BATCH] for i in range(0, len(values), BATCH))


def answers(graph: Graph, x: Array) -> Answers:
    """Scores and logits of a float or an int8 network."""
    found: dict[int, list[Array]] = {graph.outputs[0]: [], logits_of(graph)[0]: []}
    for batch in batches(x)():
        values = run_float(graph, batch) if is_float(graph) else run(graph, quantized_input(graph, batch))
        for index, parts in found.items():
            tensor = graph.tensors[index]
            parts.append(values[index] if tensor.quantization is None else real_values(tensor, values[index]))
    scores, logits = (np.concatenate(found[i]).astype(np.float64) for i in (graph.outputs[0], logits_of(graph)[0]))
    return Answers(scores, logits)


def compared(found: Answers, wanted: Answers) -> str:
    """Agreement, difference and SQNR as cells of a table."""
    same = float((found.scores.argmax(axis=1) == wanted.scores.argmax(axis=1)).mean())
    noise = sqnr_db(np.array([(wanted.logits**2).sum(), ((wanted.logits - found.logits) ** 2).sum()]))
    return f"{same:.1%} | {np.abs(found.scores - wanted.scores).mean():.4f} | {noise:.1f} dB"


if __name__ == "__main__":
    main()
