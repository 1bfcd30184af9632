"""Small `.keras` files put together by hand, sound ones and hostile ones."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import h5py
import numpy as np

Json = dict[str, Any]


def layer(kind: str, name: str, **settings: Any) -> Json:
    """One entry of a configuration's `layers`."""
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, "dtype": "float32", **settings},
        "registered_name": None,
    }


def sequential(*layers: Json) -> Json:
    """A Sequential model that takes 6x6x3 images."""
    start = layer("InputLayer", "image", batch_shape=[None, 6, 6, 3])
    config = {"name": "model", "layers": [start, *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": None}


def conv(name: str = "conv", **settings: Any) -> Json:
    """A Conv2D of 4 filters 3x3."""
    return layer("Conv2D", name, **{"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], **settings})


def conv_weights() -> dict[str, np.ndarray]:
    """Weights for one `conv`."""
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(3, 3, 3, 4)).astype(np.float32)
    return {"layers/conv2d/vars/0": weights, "layers/conv2d/vars/1": np.zeros(4, np.float32)}


def weight_file(arrays: Mapping[str, np.ndarray], change: Callable[[h5py.File], None] = lambda _: None) -> bytes:
    """A `model.weights.h5`; `change` may spoil it."""
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for path, values in arrays.items():
            file[path] = values
        change(file)
    return out.getvalue()


def archive(config: Any, weights: bytes, **more: bytes) -> bytes:
    """A `.keras` file; `more` are members by name, which replace those of the same name."""
    out = io.BytesIO()
    members = {
        "metadata.json": json.dumps({"keras_version": "3.8.0"}).encode(),
        "config.json": config if isinstance(config, bytes) else json.dumps(config).encode(),
        "model.weights.h5": weights,
        **more,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def sound() -> bytes:
    """A file that reads well: one convolution and a clamp."""
    return archive(sequential(conv(), layer("ReLU", "relu", max_value=6.0)), weight_file(conv_weights()))
