"""Every Keras layer that is read, by its class."""

from collections.abc import Callable
from functools import partial
from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.operators import Abs, AveragePool2D, MaxPool2D

from . import activations, convolutions, merging, moving, normalizing, numbers, pooling, recurrent, reducing, slicing
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
# Activations as `keras.ops` names them, which have no settings.
FUNCTIONS: Final = {
    "Celu": "celu",
    "Elu": "elu",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "HardTanh": "hard_tanh",
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Silu": "silu",
    "Softsign": "softsign",
    "Tanh": "tanh",
}


def _function(call: Call, activation: str) -> int:
    call.layer.only("alpha", 1.0, 1)
    return activations.named(call, call.x, activation)


def _log_softmax(call: Call) -> int:
    call.layer.only("axis", -1, len(call.shape) - 1)
    return activations.named(call, call.x, "log_softmax")


LAYERS: Final[dict[str, Callable[[Call], int | tuple[int, ...]]]] = {
    **dict.fromkeys(IN_TRAINING, _same),
    **{kind: partial(_function, activation=name) for kind, name in FUNCTIONS.items()},
    **dict.fromkeys(recurrent.KINDS, recurrent.recurrent),
    **{kind: partial(reducing.reduced, kind=op) for kind, op in reducing.REDUCTIONS.items()},
    **{kind: partial(merging.elementwise, op=op) for kind, op in merging.ELEMENTWISE.items()},
    "Absolute": lambda call: call.unary(call.name, call.x, Abs()),
    "Activation": lambda call: activations.activated(call, call.x),
    "Average": merging.average,
    "AveragePooling1D": partial(pooling.pool, op=AveragePool2D),
    "AveragePooling2D": partial(pooling.pool, op=AveragePool2D),
    "BatchNormalization": normalizing.batch_normalization,
    "Bidirectional": recurrent.bidirectional,
    "CenterCrop": moving.center_crop,
    "Clip": reducing.clip,
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
    "Dot": reducing.dot,
    "ELU": activations.elu,
    "ExpandDims": reducing.expand_dims,
    "Flatten": moving.flatten,
    "Flip": slicing.flip,
    "GetItem": slicing.item,
    "GlobalAveragePooling1D": pooling.global_average,
    "GlobalAveragePooling2D": pooling.global_average,
    "GlobalMaxPooling1D": pooling.global_max,
    "GlobalMaxPooling2D": pooling.global_max,
    "LeakyReLU": activations.leaky_relu,
    "LeakyRelu": activations.leaky_relu,
    "LogSoftmax": _log_softmax,
    "Matmul": reducing.matmul,
    "MaxPooling1D": partial(pooling.pool, op=MaxPool2D),
    "MaxPooling2D": partial(pooling.pool, op=MaxPool2D),
    "Negative": lambda call: numbers.everywhere(call, -1.0, 0.0),
    "Normalization": normalizing.normalization,
    "Permute": moving.permute,
    "PReLU": activations.prelu,
    "ReLU": activations.relu,
    "Repeat": slicing.repeat,
    "RepeatVector": slicing.repeat_vector,
    "Rescaling": normalizing.rescaling,
    "Reshape": moving.reshape,
    "Resize": moving.resizing,
    "Resizing": moving.resizing,
    "Roll": slicing.roll,
    "SeparableConv1D": convolutions.separable,
    "SeparableConv2D": convolutions.separable,
    "Softmax": reducing.softmax,
    "Split": slicing.split,
    "Square": numbers.square,
    "Squeeze": reducing.squeeze,
    "Stack": slicing.stack,
    "Take": slicing.take,
    "Tile": slicing.tile,
    "Transpose": reducing.transpose,
    "TrueDivide": numbers.divided,
    "Unstack": slicing.unstack,
    "UpSampling1D": moving.up_sampling,
    "UpSampling2D": moving.up_sampling,
    "ZeroPadding1D": moving.zero_padding,
    "ZeroPadding2D": moving.zero_padding,
}


def apply(call: Call) -> tuple[int, ...]:
    """Add a layer to the network; the tensors it writes. Raises UnsupportedError naming what is not done."""
    layer = LAYERS.get(call.layer.kind)
    if layer is None:
        raise unsupported(call.layer)
    made = layer(call)
    return made if isinstance(made, tuple) else (made,)


def unsupported(layer: LayerConfig) -> UnsupportedError:
    """That a layer is of a class that is not read."""
    return UnsupportedError(f"{layer} is not supported", f"replace it in the model by {', '.join(sorted(LAYERS))}")
