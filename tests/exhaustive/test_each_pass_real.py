"""Every pass alone on the real models: no bit of what is left changes."""

import pytest

from depthwise.codegen.passes import (
    lower,
)
from tests.support.each_pass import assert_keeps_every_bit
from tests.support.models import INT8_MODELS, read


@pytest.mark.parametrize("name", INT8_MODELS)
def test_each_pass_alone_keeps_every_bit_of_real_models(name: str) -> None:
    assert_keeps_every_bit(lower(read(name)), seed=9)
