"""Generated C, compiled strictly by two compilers and held against the golden model on every tensor."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.compiled import compile_network
from tests.support.exactness import problem_of
from tests.support.golden_c import assert_equal_to_golden
from tests.support.models import INT8_MODELS, model_path
from tests.support.narrow import inputs
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.programs import Case


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_equal_the_golden_model_on_every_tensor(name: str, compiler: str, tmp_path: Path) -> None:
    compiled = compile_network(read_model(model_path(name)), tmp_path, compiler)
    assert_equal_to_golden(compiled, random=3)


SINGLE_INPUT = [name for name, make in NAMED_NETWORKS.items() if len(make().inputs) == 1]


@pytest.mark.parametrize("name", SINGLE_INPUT)
def test_each_operator_equals_the_golden_model(name: str, tmp_path: Path) -> None:
    assert_equal_to_golden(compile_network(NAMED_NETWORKS[name](), tmp_path), random=3)


@pytest.mark.parametrize("seed", range(60))
def test_generated_networks_equal_the_golden_model(seed: int, tmp_path: Path) -> None:
    assert_equal_to_golden(compile_network(random_network(seed), tmp_path), random=2)


@pytest.mark.parametrize("name", [*INT8_MODELS, *(f"random {seed}" for seed in range(10))])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_no_byte_outside_a_buffer_is_touched(name: str, compiler: str, tmp_path: Path) -> None:
    """AddressSanitizer with the caller's buffers on the heap, exactly as large as the header says; every tensor."""
    graph = random_network(int(name.split()[1])) if " " in name else read_model(model_path(name))
    lowered = optimize(graph).graph
    case = Case.of("net", choose(lowered), inputs(lowered, seed=2, random=1))
    assert problem_of([case], tmp_path, compiler, "-O1") is None
