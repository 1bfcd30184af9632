"""Weights for an architecture: seeded random ones, or none but their shapes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from .layers import IMAGE, Layer, LayerKind, layers, weights_shape
from .spec import Architecture

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A layer's kernel, [O,KH,KW,I/groups], [1,KH,KW,C] or [O,I], and its bias, BatchNorm folded into both."""

    kernel: Floats
    bias: Floats


def he_weights(architecture: Architecture, seed: int) -> Mapping[str, Weights]:
    """Normal kernels of variance 2 / inputs (He and others, 2015) and zero biases, by layer name."""
    rng = np.random.default_rng(seed)

    def drawn(layer: Layer, shape: tuple[int, ...]) -> Weights:
        taps = prod(shape[1:3]) if layer.kind is LayerKind.DEPTHWISE else prod(shape[1:])
        kernel = rng.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / taps))
        return Weights(kernel, np.zeros(layer.shape[-1], np.float32))

    return {layer.name: drawn(layer, shape) for layer, shape in weighted(architecture)}


def blank_weights(architecture: Architecture) -> Mapping[str, Weights]:
    """Zeros that take no memory, whatever the shape: enough to count, to plan and to draw."""
    zero = np.zeros((), np.float32)
    return {
        layer.name: Weights(np.broadcast_to(zero, shape), np.broadcast_to(zero, layer.shape[-1:]))
        for layer, shape in weighted(architecture)
    }


def weighted(architecture: Architecture) -> Iterator[tuple[Layer, tuple[int, ...]]]:
    """Each layer that has weights, with the shape of its kernel."""
    found = layers(architecture)
    sizes = {IMAGE: architecture.image, **{layer.name: layer.shape for layer in found}}
    for layer in found:
        shape = weights_shape(layer, sizes[layer.inputs[0]])
        if shape is not None:
            yield layer, shape
