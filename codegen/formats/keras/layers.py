"""Every Keras layer that is read, by its class."""

from collections.abc import Callable
from functools import partial
from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.operators import Abs, AveragePool2D, MaxPool2D

from . import activations, convolutions, merging, moving, normalizing, numbers, pooling
from .call import Call
from .config import LayerConfig


def _same(call: Call) -> int:
    """A layer that only works while the network is trained."""
    return call.x


IN_TRAINING: Final = (
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "SpatialDropout1D",
    "SpatialDropout2D",
)
LAYERS: Final[dict[str, Callable[[Call], int]]] = {
    **dict.fromkeys(IN_TRAINING, _same),
    **{kind: partial(merging.elementwise, op=op) for kind, op in merging.ELEMENTWISE.items()},
    "Absolute": lambda call: call.unary(call.name, call.x, Abs()),
    "Activation": lambda call: activations.activated(call, call.x),
    "Average": merging.average,
    "AveragePooling1D": partial(pooling.pool, op=AveragePool2D),
    "AveragePooling2D": partial(pooling.pool, op=AveragePool2D),
    "BatchNormalization": normalizing.batch_normalization,
    "Concatenate": merging.concatenated,
    "Conv1D": convolutions.conv,
    "Conv1DTranspose": convolutions.transposed,
    "Conv2D": convolutions.conv,
    "Conv2DTranspose": convolutions.transposed,
    "Cropping1D": moving.cropping,
    "Cropping2D": moving.cropping,
    "Dense": convolutions.dense,
    "DepthwiseConv1D": convolutions.depthwise,
    "DepthwiseConv2D": convolutions.depthwise,
    "Divide": numbers.divided,
    "ELU": activations.elu,
    "Flatten": moving.flatten,
    "GlobalAveragePooling1D": pooling.global_average,
    "GlobalAveragePooling2D": pooling.global_average,
    "GlobalMaxPooling1D": pooling.global_max,
    "GlobalMaxPooling2D": pooling.global_max,
    "LeakyReLU": activations.leaky_relu,
    "MaxPooling1D": partial(pooling.pool, op=MaxPool2D),
    "MaxPooling2D": partial(pooling.pool, op=MaxPool2D),
    "Normalization": normalizing.normalization,
    "Negative": lambda call: numbers.everywhere(call, -1.0, 0.0),
    "PReLU": activations.prelu,
    "Permute": moving.permute,
    "ReLU": activations.relu,
    "Rescaling": normalizing.rescaling,
    "Reshape": moving.reshape,
    "SeparableConv1D": convolutions.separable,
    "SeparableConv2D": convolutions.separable,
    "Softmax": activations.softmax,
    "Square": numbers.square,
    "TrueDivide": numbers.divided,
    "UpSampling1D": moving.up_sampling,
    "UpSampling2D": moving.up_sampling,
    "ZeroPadding1D": moving.zero_padding,
    "ZeroPadding2D": moving.zero_padding,
}


def apply(call: Call) -> int:
    """Add a layer to the network; the tensor it writes. Raises UnsupportedError naming what is not done."""
    made = LAYERS.get(call.layer.kind)
    if made is None:
        raise unsupported(call.layer)
    return made(call)


def unsupported(layer: LayerConfig) -> UnsupportedError:
    """That a layer is of a class that is not read."""
    return UnsupportedError(f"{layer} is not supported", f"replace it in the model by {', '.join(sorted(LAYERS))}")
