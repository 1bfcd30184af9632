"""A real board, flashed beforehand: `pytest tests/hardware --port /dev/ttyACM0 --project FOLDER`."""

from pathlib import Path

import pytest

from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs


@pytest.fixture
def port(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--port"))


@pytest.fixture
def project(request: pytest.FixtureRequest) -> Project:
    folder: Path | None = request.config.getoption("--project")
    assert folder is not None, "give --project FOLDER, what was flashed onto the board"
    return open_project(folder)


def test_a_real_board_is_equal_to_the_golden_model(port: str, project: Project) -> None:
    with Link.open(port) as link:
        verdict = verify(project, link, generated_inputs(project.graph, 6, 0, project.passes.input_range))
    assert verdict.equal, str(verdict.difference)
    assert verdict.damaged_frames == 0


def test_equal_inputs_have_equal_scores_on_a_real_board(port: str, project: Project) -> None:
    with Link.open(port) as link:
        hello = link.hello()
        _, inputs = next(generated_inputs(project.graph, 1, 0, project.passes.input_range))
        first, again = (link.infer(project.sent(inputs), hello) for _ in range(2))
    assert first.output == again.output
