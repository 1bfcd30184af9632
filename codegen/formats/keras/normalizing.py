"""Normalizations and rescaling: factors and offsets for each channel."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array

from .call import Call

LEAST_DEVIATION: Final = 1e-7  # Keras' epsilon, below which Normalization divides by it


def _last_axis(call: Call) -> None:
    axis = call.layer.settings.get("axis", -1)
    if axis not in (-1, [-1], len(call.shape) - 1, [len(call.shape) - 1]):
        raise UnsupportedError(f"{call.layer} normalizes axis {str(axis)[:20]}", "normalize the last axis")


def by_channels(call: Call, factors: Array, offsets: Array) -> int:
    """Each channel times its factor, and its offset."""
    return call.pointwise(call.name, call.x, lambda x: call.build.scale(call.name, x, factors, offsets))


def batch_normalization(call: Call) -> int:
    """BatchNormalization."""
    _last_axis(call)
    channels, epsilon = call.shape[-1], call.layer.real("epsilon", 1e-3)
    scaled, centred = call.layer.flag("scale", default=True), call.layer.flag("center", default=True)
    found = list(call.arrays(*[(channels,)] * (2 + scaled + centred)))
    gamma = found.pop(0).astype(np.float64) if scaled else np.ones(channels)
    beta = found.pop(0).astype(np.float64) if centred else np.zeros(channels)
    mean, variance = (a.astype(np.float64) for a in found)
    if not (variance + epsilon > 0).all():
        raise ModelError(f"{call.layer} has a variance of {variance.min():.3g}, it must be positive")
    factors = gamma / np.sqrt(variance + epsilon)
    return by_channels(call, factors, beta - mean * factors)


def normalization(call: Call) -> int:
    """Normalization: mean and variance are settings, or were seen by `adapt`."""
    call.layer.only("invert", False)
    channels = call.shape[-1]
    if call.layer.settings.get("mean") is not None:
        mean, variance = (_per_channel(call, key, channels) for key in ("mean", "variance"))
    else:
        _last_axis(call)
        mean, variance = (a.astype(np.float64) for a in call.arrays((channels,), (channels,)))
    if not (variance >= 0).all():
        raise ModelError(f"{call.layer} has a variance of {variance.min():.3g}, it must not be negative")
    factors = 1 / np.maximum(np.sqrt(variance), LEAST_DEVIATION)
    return by_channels(call, factors, -mean * factors)


def rescaling(call: Call) -> int:
    """Rescaling."""
    scale, offset = (_per_channel(call, key, call.shape[-1]) for key in ("scale", "offset"))
    return by_channels(call, scale, offset)


def _per_channel(call: Call, key: str, channels: int) -> NDArray[np.float64]:
    given = call.layer.settings.get(key, 0.0)
    while isinstance(given, list) and len(given) == 1 and isinstance(given[0], list):
        given = given[0]
    listed: Sequence[object] = given if isinstance(given, list) else [given]
    if len(listed) not in (1, channels) or not all(type(v) in (int, float) for v in listed):
        raise ModelError(f"{call.layer} has {key} {str(given)[:40]}, it must be 1 or {channels} numbers")
    return np.broadcast_to(np.array(listed, np.float64), (channels,))
