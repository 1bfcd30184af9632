"""Adaptive rounding: each weight goes up or down by what that does to the layer's sums, not to the nearest level.

What AdaRound (Nagel et al., 2020) finds by gradients is found here by linear algebra alone, so that equal inputs give
equal bytes: columns of the weights are rounded one after another, and each rounding error is made up for by those
that are still to come, in proportion to what the inputs have in common (Frantar et al., "GPTQ", 2022). No weight goes
further than to one of its two neighbours. The loss is the variance of the sums' error; its mean is
taken out of the biases by bias correction.
"""

from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import weights_of
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.weights import Weights

from .weight_scales import LARGEST

Float64 = NDArray[np.float64]
DAMPING: Final = 0.01  # of the mean variance: what inputs of calibration have in common by chance is not believed
LEAST: Final = 1e-12  # of a layer that reads nothing but zeros
BATCH: Final = 16


def rounded(graph: Graph, node: Node, real: Float64, centred: Float64) -> NDArray[np.int8]:
    """int8 weights of a layer of the int8 network for its real ones, on inputs [N, …] less their zero point."""
    weights = weights_of(node.op)
    scales = weights.per_filter(np.array(quantization_of(graph.inputs_of(node)[1]).scales))
    wanted = np.moveaxis(np.clip(real / scales, -LARGEST, LARGEST), weights.filter_axis, 0)
    rows = wanted.reshape(len(wanted), -1)
    covariances = _covariances(graph, node, weights, centred)
    if len(covariances) == 1:
        found = _by_columns(rows, covariances[0])
    else:
        pairs = zip(rows, covariances, strict=True)
        found = np.concatenate([_by_columns(row[None], covariance) for row, covariance in pairs])
    return np.moveaxis(found.reshape(wanted.shape), 0, weights.filter_axis).astype(np.int8)


def _covariances(graph: Graph, node: Node, weights: Weights, centred: Float64) -> Float64:
    """Covariance of the inputs that the K weights of a filter meet: [filters, K, K], or [1, K, K] of all filters."""
    shape = graph.inputs_of(node)[1].shape
    shared = weights.mixes and shape[-1] == graph.inputs_of(node)[0].shape[-1]
    sets = 1 if shared else shape[weights.filter_axis]
    size = prod(shape) // shape[weights.filter_axis]
    products, sums, count = np.zeros((sets, size, size)), np.zeros((sets, size)), 0
    for at in range(0, len(centred), BATCH):
        met = _met(graph, node, weights, centred[at : at + BATCH], shared=shared)
        products += met.transpose(0, 2, 1) @ met
        sums += met.sum(axis=1)
        count += met.shape[1]
    means = sums / count
    return np.asarray(products / count - means[:, :, None] * means[:, None, :])


def _met(graph: Graph, node: Node, weights: Weights, part: Float64, *, shared: bool) -> Float64:
    """Inputs [filters, positions, K] that weights meet, or [1, positions, K]: sums of filters that have a single 1.

    Filters that meet the same inputs give as many of the K columns at once.
    """
    shape = graph.inputs_of(node)[1].shape
    filters = shape[weights.filter_axis]
    size = prod(shape) // filters
    step = filters if shared else 1
    columns = [_seen(graph, node, weights, part, at, step=int(shared)) for at in range(0, size, step)]
    if shared:
        return np.concatenate(columns, axis=1)[None, :, :size]
    return np.stack(columns, axis=2).transpose(1, 0, 2)


def _seen(graph: Graph, node: Node, weights: Weights, part: Float64, first: int, *, step: int) -> Float64:
    """Sums [positions, filters] of filters of which each has a single 1: the n-th at place first + n · step."""
    shape = graph.inputs_of(node)[1].shape
    filters = shape[weights.filter_axis]
    size = prod(shape) // filters
    units = np.zeros((filters, size))
    places = first + step * np.arange(filters)
    inside = places < size
    units[np.flatnonzero(inside), places[inside]] = 1
    moved = (filters, *(shape[axis] for axis in weights.within_filter))
    kernel = np.moveaxis(units.reshape(moved), 0, weights.filter_axis)
    return weights.sums(graph, node, part, kernel).reshape(-1, filters)


def _by_columns(wanted: Float64, covariance: Float64) -> Float64:
    """Levels [filters, K] for real ones, column after column, those with the most variance first.

    A filter that this does not bring closer takes the nearest.
    """
    size = len(covariance)
    damped = covariance + np.eye(size) * max(DAMPING * float(np.trace(covariance)) / size, LEAST)
    order = np.argsort(-np.diag(damped), kind="stable")
    upper = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    left = wanted[:, order]
    low, high, found = np.floor(left), np.ceil(left), np.empty_like(left)
    for k in range(size):
        found[:, k] = np.clip(np.rint(left[:, k]), low[:, k], high[:, k])
        error = (left[:, k] - found[:, k]) / upper[k, k]
        left[:, k:] -= error[:, None] * upper[k, k:]
    found, nearest = found[:, np.argsort(order, kind="stable")], np.rint(wanted)
    better = _loss(found - wanted, covariance) < _loss(nearest - wanted, covariance)
    return np.where(better[:, None], found, nearest)


def _loss(apart: Float64, covariance: Float64) -> Float64:
    """Variance of the error of each filter's sums."""
    return np.asarray(((apart @ covariance) * apart).sum(axis=1))
