"""Which class a board answers, and which one the golden model does."""

from dataclasses import dataclass

import numpy as np

from depthwise.codegen.golden.answers import answers_of
from depthwise.codegen.graph import Array
from depthwise.host.project import Project

from .findings import BoardRun


@dataclass(frozen=True, slots=True)
class Answer:
    """Numbers of classes."""

    board: int
    golden: int


def answer_of(project: Project, run: BoardRun) -> Answer:
    """What was answered to an input; of a sequence, to its last."""
    output = project.graph.outputs[0]
    wanted = run.case.golden[output]
    got = np.frombuffer(project.received(run.scores)[output], wanted.dtype).reshape(wanted.shape)
    return Answer(_last(project, output, got), _last(project, output, wanted))


def _last(project: Project, output: int, levels: Array) -> int:
    q, values = project.graph.tensors[output].quantization, levels[-1:].astype(np.float64)
    return int(answers_of(project.graph, values if q is None else (values - q.zero_point) * q.scale)[0])
