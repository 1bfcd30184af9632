"""How a training went, as a picture: loss and accuracy epoch by epoch, and what is taken for what."""

from collections.abc import Sequence
from importlib import import_module
from io import BytesIO
from typing import Any, Final

from depthwise.host.data.confusion import Confusion

from .fit import Epoch

Axes = Any  # of matplotlib, which is an optional extra
SIZE: Final = (9.0, 4.0)  # inches
MOST_NAMED: Final = 20  # classes whose counts are written into their fields


def training_picture(epochs: Sequence[Epoch], tested: Confusion) -> bytes | None:
    """A PNG; None where matplotlib (the `report` extra) is not installed, or nothing is known of the epochs."""
    if not epochs:
        return None
    try:
        figure = import_module("matplotlib.figure").Figure(figsize=SIZE, layout="constrained")
        mathematics_off = import_module("matplotlib").rc_context({"text.parse_math": False})
    except ImportError:
        return None
    with mathematics_off:
        curve, confusion = figure.subplots(1, 2)
        _draw_curve(curve, epochs)
        _draw_confusion(confusion, tested)
        written = BytesIO()
        figure.savefig(written, format="png", dpi=120, metadata={"Software": None})
    return written.getvalue()


def _draw_curve(axes: Axes, epochs: Sequence[Epoch]) -> None:
    numbers = [e.number for e in epochs]
    axes.plot(numbers, [e.loss for e in epochs], label="loss, training")
    axes.plot(numbers, [e.validation_loss for e in epochs], label="loss, validation")
    axes.plot(numbers, [e.accuracy for e in epochs], label="right, validation")
    best = min(epochs, key=lambda e: e.rank)
    axes.axvline(best.number, linestyle=":", color="gray", label="best")
    axes.set(xlabel="epoch", ylim=(0, None), title="learning")
    axes.legend()


def _draw_confusion(axes: Axes, tested: Confusion) -> None:
    shares = tested.counts / tested.shown.clip(1)[:, None]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    places = range(len(tested.classes))
    axes.set_xticks(places, tested.classes, rotation=45, ha="right")
    axes.set_yticks(places, tested.classes)
    axes.set(xlabel="found", ylabel="shown", title="test pictures")
    if len(tested.classes) <= MOST_NAMED:
        for shown, row in enumerate(tested.counts.tolist()):
            for found, count in enumerate(row):
                dark = shares[shown, found] > 0.5
                axes.text(found, shown, count, ha="center", va="center", color="white" if dark else "black")
