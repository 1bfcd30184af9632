"""A network may have every kernel of its core: their headers are included together."""

import subprocess

import pytest

from depthwise.codegen.kernels.library import EVERYWHERE
from depthwise.codegen.targets.cores import CORES
from tests.support.compiled import LIBRARY, STRICT


@pytest.mark.parametrize("name", CORES)
def test_headers_of_all_kernels_of_a_core_compile_together(name: str) -> None:
    headers = sorted({h for family in CORES[name].families for kernel in family.kernels for h in kernel.headers})
    text = "".join(f'#include "{header}"\n' for header in (EVERYWHERE, *headers))
    flags = (*STRICT, "-Wno-unused-function", "-fsyntax-only", *LIBRARY)
    subprocess.run(["gcc", *flags, "-x", "c", "-"], input=text, text=True, check=True)
