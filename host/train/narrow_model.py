"""A Keras model with fewer channels: every weight and every normalization of those that stay."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from depthwise.codegen.zoo.layers import Layer, LayerKind, layers
from depthwise.codegen.zoo.prune import Kept
from depthwise.codegen.zoo.spec import Architecture

from .keras_network import DROPOUT, Keras, keras_model
from .prune_to_ram import PrunedNetwork

Arrays = list[np.ndarray[Any, Any]]
WEIGHTED: Final = frozenset({LayerKind.CONV, LayerKind.DEPTHWISE, LayerKind.DENSE})


def narrow_model(model: Keras, architecture: Architecture, pruned: PrunedNetwork) -> Keras:
    """A model of the pruned network with the weights that a trained one has for its channels; logits, as that has."""
    made = keras_model(pruned.architecture, dropout=DROPOUT, scores=False)
    for layer in layers(architecture):
        if layer.kind in WEIGHTED:
            made.get_layer(layer.name).set_weights(_weights(model, layer, pruned.kept))
        if layer.normalized:
            norm = f"{layer.name}_norm"
            made.get_layer(norm).set_weights(_chosen(model.get_layer(norm).get_weights(), -1, pruned.kept, layer.name))
    return made


def _weights(model: Keras, layer: Layer, kept: Mapping[str, Kept]) -> Arrays:
    """Kernel [KH,KW,I,O], depthwise [KH,KW,C,1] or dense [I,O], and the bias if there is one."""
    kernel, *bias = model.get_layer(layer.name).get_weights()
    read, written = (-2, -1) if layer.kind is not LayerKind.DEPTHWISE else (-2, None)
    (kernel,) = _chosen([kernel], read, kept, layer.inputs[0])
    if written is not None:
        (kernel,) = _chosen([kernel], written, kept, layer.name)
    return [kernel, *_chosen(bias, -1, kept, layer.name)]


def _chosen(arrays: Arrays, axis: int, kept: Mapping[str, Kept], name: str) -> Arrays:
    return [np.take(a, kept[name], axis) for a in arrays] if name in kept else arrays
