"""Runs a float network over a stream of inputs and notes what every tensor takes, one batch in memory at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import InputError
from depthwise.codegen.floats.float_model import steps
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, DType, Graph

from .observers import EMPTY, Histogram, observed

BATCH_ELEMENTS: Final = 4_000_000
LARGEST_BATCH: Final = 32
CALIBRATING: Final = "calibrating"

# float32 [N, …] for the network's one input, or arrays by tensor for several.
Batch = Array | Mapping[int, Array]
# Gives the same inputs each time it is called.
Batches = Callable[[], Iterator[Batch]]
CalibrationProgress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Values of one tensor: all of them as a histogram, and the ends of each channel (last axis)."""

    histogram: Histogram
    lows: NDArray[np.float64]
    highs: NDArray[np.float64]

    @property
    def reach(self) -> NDArray[np.float64]:
        """Greatest absolute value of each channel."""
        return np.maximum(-self.lows, self.highs)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What was seen of every tensor that is no constant, by index, and on how many inputs."""

    seen: Mapping[int, Seen]
    inputs: int


def batch_size(graph: Graph) -> int:
    """Inputs that are computed together: as many as keep the activations within some ten megabytes."""
    largest = sum(graph.output_of(n).elements for n in graph.nodes)
    return max(1, min(LARGEST_BATCH, BATCH_ELEMENTS // max(largest, 1)))


def calibrate(graph: Graph, batches: Batches, progress: CalibrationProgress = lambda _what, _done: None) -> Calibration:
    """Run all batches through a float network. Raises InputError where there are none, or values are not finite."""
    seen: dict[int, Seen] = {}
    count = 0
    for batch in batches():
        given = checked_inputs(graph, batch)
        for entry, values in given.items():
            if not np.isfinite(values).all():
                raise InputError(
                    f"calibration input {count} or one soon after it is infinite or no number",
                    "leave it out of the data",
                )
            _note(seen, entry, values)
        for tensor, values in steps(graph, given):
            if graph.tensors[tensor].dtype is DType.FLOAT32:
                _note(seen, tensor, values)
        count += len(given[graph.inputs[0]])
        progress(CALIBRATING, count)
    if not count:
        raise InputError("there are no inputs to calibrate with", "give a folder of images or an .npy file by --data")
    return Calibration(seen, count)


def _note(seen: dict[int, Seen], tensor: int, values: Array) -> None:
    flat = values.reshape(-1, values.shape[-1])
    lows, highs = flat.min(axis=0).astype(np.float64), flat.max(axis=0).astype(np.float64)
    before = seen.get(tensor)
    if before is None:
        seen[tensor] = Seen(observed(EMPTY, values), lows, highs)
        return
    histogram = observed(before.histogram, values)
    seen[tensor] = Seen(histogram, np.minimum(before.lows, lows), np.maximum(before.highs, highs))
