"""What `--ram-code` counts on: every function that computes is defined by a macro that says where it lies."""

import re

from depthwise.codegen.emit.render import TEMPLATES
from depthwise.codegen.kernels.library import LIBRARY

FUNCTION = re.compile(r"^static (?!const|inline __attribute__\(\(always_inline\)\) DW_PLACED)[\w *]+\(", re.MULTILINE)


def test_every_function_that_computes_is_placed_by_a_macro() -> None:
    sources = [*(TEMPLATES / "network" / "kernels").rglob("*.j2"), *LIBRARY.rglob("*.h")]
    assert {s.name: found for s in sources if (found := FUNCTION.findall(s.read_text()))} == {}
