"""Names of MicroPython's architectures."""

import pytest

from depthwise.codegen.errors import InputError
from depthwise.host.build.mpy.native_archs import arch_named


def test_an_unknown_architecture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'avr'.*x64.* and rv32imc"):
        arch_named("avr")
