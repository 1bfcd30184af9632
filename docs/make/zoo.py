"""Writes docs/results/zoo.md: what the zoo's networks cost, what each technique saves, and the formula on a real model.

`python -m docs.make.zoo`; about half a minute. The real model is vww (`$DEPTHWISE_MODELS`).
"""

from collections.abc import Iterable
from typing import Final

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.zoo.block_costs import cost
from depthwise.codegen.zoo.catalogue import FAMILIES, Scaling, architecture
from depthwise.codegen.zoo.published import PUBLISHED, Compared, compared
from depthwise.codegen.zoo.spec import BlockKind
from depthwise.codegen.zoo.teach import Line, alone, summed
from depthwise.codegen.zoo.versus_full import Pair, Saving, in_pairs, in_sum, pairs
from tests.support.models import FOLDER

from .pages import RESULTS

REAL: Final = "vww_96_int8"
SMALL: Final = architecture("mobilenet_v1", Scaling(0.25, 96, 2))
HEAD: Final = """# The zoo

Small networks to start from, built here from data (`codegen/zoo/`): a block is a line of kernel, stride, channels.
`depthwise zoo build NAME` writes one as a float `.tflite` with random weights, enough to plan, export and time;
`depthwise train` gives it real ones. Made by `python -m docs.make.zoo`.

## What a MobileNet is made of

A K×K convolution from N to M channels filters and mixes at once, and multiplies K²·N·M times for each position. A
MobileNet filters each channel by itself (depthwise, K²·N) and then mixes by a 1×1 convolution (pointwise, N·M): that
is 1/M + 1/K² of it. The width multiplier α scales every N and M, so MACs and parameters fall with α²; the resolution
multiplier ρ scales the image, so MACs fall with ρ² and parameters stay.

"""
COUNTED: Final = """
How it is counted: a product is a multiply-add, taps in the padding and the classifier included; BatchNorm multiplies
nothing, since it is folded away. Parameters are what training changes: weights, γ and β of every BatchNorm, the
classifier's bias. The digits that MobileNetV1's authors print would allow counting without γ and β, too; MobileNetV2's
3.4 M are below either count (3,504,872 with, 3,470,760 without), so the nearer is shown. Deployed, γ and β are one
bias. `off by` is how far the MACs are beyond the rounding of the printed figure. The accuracies are the papers' own, on
ImageNet: nothing here was trained on it.

"""


def main() -> None:
    """Write the page."""
    rows = [compared(p) for p in PUBLISHED]
    sections = (
        HEAD,
        "## Costs, beside the papers\n\n`depthwise zoo costs`\n\n",
        _table(("network", "MACs", "paper", "off by", "parameters", "paper", "top-1 of the paper"), map(_cost, rows)),
        COUNTED,
        "## Families\n\n`depthwise zoo list`\n\n",
        _table(("name", "image", "classes", "MACs", "parameters", "deployed", "note"), map(_family, FAMILIES)),
        "\nBlocks are made of (K: their kernel):\n\n",
        "".join(f"- {kind.name.lower()}: {kind.value}\n" for kind in BlockKind),
        _toolbox(),
        _versus_full(),
    )
    (RESULTS / "zoo.md").write_text("".join(sections))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cost(row: Compared) -> tuple[str, ...]:
    p = row.published
    printed = f"{p.million_macs}M", f"{row.deviation:.2f} %"
    return p.title, f"{row.macs:,}", *printed, f"{row.parameters:,}", f"{p.million_parameters}M", f"{p.accuracy} %"


def _family(name: str) -> tuple[str, ...]:
    made = architecture(name)
    found = cost(made)
    image = "×".join(map(str, made.image))
    numbers = (f"{n:,}" for n in (made.classes, found.macs, found.parameters, found.deployed))
    return f"`{name}`", image, *numbers, made.note or FAMILIES[name].about


def _toolbox() -> str:
    head = ("technique", "MACs", "of before", "parameters", "RAM whole", "RAM rows")
    first, second = list(alone(SMALL)), list(summed(SMALL))
    return (
        f"\n## What each technique saves\n\n`depthwise zoo toolbox mobilenet_v1`: {SMALL.name}, 2 classes. `before`\n"
        "is the network without them: full convolutions, and a fully connected layer over all positions. RAM holds\n"
        "the activations as int8, layer after layer (whole) or in the best mixture with rows; the image is left out,\n"
        "since it can be given row by row.\n\nEach alone:\n\n"
        + _table(head, (_line(line, first[0]) for line in first))
        + "\nOne on top of the other:\n\n"
        + _table(head, (_line(line, second[0]) for line in second))
        + "\nEven downsampling costs more here: MobileNetV1's strides come earlier than evenly, which is cheaper and\n"
        "loses detail sooner. Kernel reduction makes every second 3×3 of stride 1 a 1×1. Shuffle units need grouped\n"
        "convolutions, counted here as grouped; they are built as dense ones with zeros between the groups, which\n"
        "computes the same and saves nothing yet. Pruning removes the channels with the\n"
        "smallest weights (here random ones: the costs are what matters). Distillation changes how a network is\n"
        "trained, not what it costs: [training.md](training.md).\n\n"
    )


def _line(line: Line, before: Line) -> tuple[str, ...]:
    share = f"{100 * line.macs / before.macs:.0f} %"
    return line.title, f"{line.macs:,}", share, *(f"{n:,}" for n in (line.parameters, line.ram.whole, line.ram.rows))


def _versus_full() -> str:
    graph = read_model(FOLDER / f"{REAL}.tflite")
    found = pairs(graph)
    head = ("layers", "kernel", "channels", "MACs", "full convolution", "1/M + 1/K²", "counted", "fewer")
    sums = (("**pairs**", in_pairs(found)), ("**model**", in_sum(graph, found)))
    return (
        f"## The formula on a real model\n\n`depthwise inspect {REAL}.tflite --versus-full`: MLPerf Tiny's visual\n"
        "wake words. M: channels that leave a pair.\n\n"
        + _table(head, [*map(_pair, found), *(_sum(title, saving) for title, saving in sums)])
    )


def _pair(pair: Pair) -> tuple[str, ...]:
    layers = f"{pair.depthwise.layer}, {pair.pointwise.layer}"
    sizes = f"{pair.kernel[0]}×{pair.kernel[1]}", f"{pair.inputs} → {pair.outputs}"
    shares = f"{pair.predicted:.4f}", f"{pair.measured:.4f}", f"{1 / pair.measured:.1f}×"
    return layers, *sizes, f"{pair.macs:,}", f"{pair.full_macs:,}", *shares


def _sum(title: str, saving: Saving) -> tuple[str, ...]:
    return title, "", "", f"{saving.macs:,}", f"{saving.full_macs:,}", "", f"{saving.ratio:.4f}", f"{saving.times:.1f}×"


if __name__ == "__main__":
    main()
