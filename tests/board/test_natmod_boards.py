"""Digits as a native module computes the golden bytes on each architecture, behind a loader of the tests' own."""

import numpy as np
import pytest

from depthwise.host.build.natmod import build_natmods
from tests.support.mpy_sample import BOARDS, run_module
from tests.support.natmods import LABELS, exported, images
from tests.support.network_calls import digits_calls, weights_of
from tests.support.projects import skip_without_tools


@pytest.mark.parametrize("arch", [*BOARDS, "xtensa"])
def test_digits_are_computed_to_the_bit_on_every_architecture(arch: str) -> None:
    if arch in BOARDS:
        skip_without_tools(BOARDS[arch])
    project = exported(arch, trace=True, labels=LABELS)
    given = images(project)
    asked = digits_calls(project, np.concatenate([given[:3], given[-2:]]), (weights_of(project),))
    (built,) = build_natmods(project)
    printed = run_module(built.path.read_bytes(), arch, project.folder, tuple(asked))
    assert printed == ["ready", *(call.printed for call in asked), "end"]
