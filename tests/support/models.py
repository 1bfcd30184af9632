"""Where the real models lie: `$DEPTHWISE_MODELS`, or ../shared/models beside the checkout."""

import os
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Graph
from tests.support.places import ROOT

FOLDER: Final = Path(os.environ.get("DEPTHWISE_MODELS", ROOT.parent / "shared" / "models"))
INT8_MODELS: Final = (
    "ad01_int8",
    "ic_resnet8_int8",
    "kws_dscnn_int8",
    "mobilenet_v1_025_96_imagenet_int8",
    "vww_96_int8",
)


def model_path(name: str) -> Path:
    """Path of a real model; skips the test, saying why, where it is absent."""
    path = FOLDER / f"{name}.tflite"
    if not path.exists():
        pytest.skip(f"no {path.name} in {FOLDER}; set DEPTHWISE_MODELS to the folder of real models")
    return path


def read(name: str) -> Graph:
    """A real model as a graph, or skip."""
    return read_model(model_path(name))
