"""Verdicts and causes of boards that are broken on purpose."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.errors import DepthwiseError
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project
from depthwise.host.verify import verify
from depthwise.host.verify.explain.cause import Cause
from depthwise.host.verify.explain.failures import cause_of
from depthwise.host.verify.inputs import generated_inputs
from depthwise.host.verify.verdict import Verdict

SOURCE: Final = "network/digits.c"
LAYER_2: Final = "digits_layer02_pointwise_conv_2d_fours(&in"


def judged(project: Project, url: str, count: int = 6) -> Verdict:
    with Link.open(url, answer_seconds=1.0 if project.board.emulator else 0.2) as link:
        return verify(project, link, list(generated_inputs(project.graph, count, seed=0)))


def verdict_of(project: Project, firmware: Path | None = None) -> Verdict:
    with virtual_board(firmware or project.firmware, project.board) as url:
        return judged(project, url)


def failure(run: Callable[[], Verdict]) -> Cause:
    with pytest.raises(DepthwiseError) as caught:
        run()
    cause = cause_of(caught.value)
    assert cause is not None
    return cause
