"""A virtual board that computes for long: each answer is the golden model's, and none is late."""

import numpy as np

from depthwise.codegen.golden import run
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from tests.support.projects import built


def soak(inferences: int, seed: int, board_name: str = "netduinoplus2") -> int:
    """Run many inferences on one virtual board that is never restarted; how many answers were wrong."""
    project = built(board_name, trace=False)
    graph, rng = project.graph, np.random.default_rng(seed)
    shape, wrong = graph.tensors[graph.inputs[0]].shape, 0
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        hello = link.hello()
        for _ in range(inferences):
            given = rng.integers(-128, 128, shape, np.int8)
            expected = run(graph, given)[graph.outputs[0]].tobytes()
            wrong += link.infer(given.tobytes(), hello).output != expected
    return wrong
