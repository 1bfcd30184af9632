"""Teachers that were trained elsewhere: a .keras or float .tflite file, computed in numpy; its code is never run."""

from pathlib import Path

import numpy as np

from depthwise.codegen import floats
from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Softmax
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.zoo.weights import Floats

from .fit import Teacher, softmax
from .training_data import TrainingData

TOGETHER = 64


def teacher_from(path: Path, data: TrainingData) -> Teacher:
    """Class probabilities as a model file gives them. Raises InputError where it does not fit the pictures."""
    graph = read_network(path)
    if not is_float(graph):
        raise InputError(f"{path} is no float model, a teacher has to be one", "give the model before quantization")
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    if shape != data.shape:
        raise InputError(f"{path} reads pictures {shape}, these are {data.shape}", "choose another --resolution")
    outputs = graph.tensors[graph.outputs[0]].elements
    if outputs != len(data.classes):
        raise InputError(f"{path} tells {outputs} classes apart, these are {len(data.classes)}", "take another teacher")
    return lambda images: _answers(graph, images)


def _answers(graph: Graph, images: Floats) -> Floats:
    parts = []
    for start in range(0, len(images), TOGETHER):
        batch = images[start : start + TOGETHER]
        scores = floats.run(graph, batch)[graph.outputs[0]].reshape(len(batch), -1).astype(np.float32)
        parts.append(scores if isinstance(graph.nodes[-1].op, Softmax) else softmax(scores))
    return np.concatenate(parts)
