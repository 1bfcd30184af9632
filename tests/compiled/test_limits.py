"""What the limits on a network's size promise: refused from its shapes alone, or within so much memory."""

import subprocess
import sys

import pytest

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.graph.limits import BYTES_PER_ELEMENT
from depthwise.codegen.operators import Relu
from depthwise.codegen.operators.validate import validate
from tests.support.places import ROOT

TAKEN = """
import resource
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.network_builder import Builder
build = Builder(1)
{layer}
graph = build.finish("large")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
choose(optimize(graph).graph)
taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(taken * 1024 / sum(t.elements for t in graph.tensors if t.data is None))
"""


@pytest.mark.parametrize("shape", ["1, 256, 256, 8", "1, 65535, 1, 2"])
@pytest.mark.parametrize("layer", ["build.conv(x, 8)", "build.depthwise(x)", "build.conv(x, 8, (1, 1))"])
def test_a_network_takes_no_more_memory_than_is_said_for_each_element(layer: str, shape: str) -> None:
    code = TAKEN.format(layer=f"x = build.input({shape})\n{layer}")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert float(done.stdout) <= BYTES_PER_ELEMENT


@pytest.mark.parametrize(
    ("shape", "scale", "said"),
    [
        ((1, 20_000, 20_000, 1), 0.1, "400,000,000 elements"),
        ((1, 1_000_000, 2, 1), 0.1, "1,000,000 rows"),
        ((1, 4, 4, 1), 1e-38, "scale 1e-38"),
    ],
)
def test_what_leaves_a_limit_is_refused_with_the_number(shape: tuple[int, ...], scale: float, said: str) -> None:
    tensors = tuple(Tensor(i, f"t{i}", shape, DType.INT8, Quantization((scale,), (0,))) for i in range(2))
    with pytest.raises(ModelError, match=said):
        validate(Graph("large", tensors, (Node(0, Relu(), (0,), 1),), inputs=(0,), outputs=(1,)))
