"""What shells complete."""

import pytest
from click.shell_completion import BashComplete

from depthwise.host.cli import main
from tests.support.commands import call

SHELLS = {"bash": "complete -o", "zsh": "#compdef depthwise", "fish": "--command depthwise"}


@pytest.mark.parametrize(("shell", "has"), SHELLS.items())
def test_a_shell_is_given_what_it_reads(shell: str, has: str) -> None:
    result = call("completion", shell)
    assert result.exit_code == 0
    assert has in result.output
    assert "_DEPTHWISE_COMPLETE" in result.output


@pytest.mark.parametrize(
    ("before", "begun", "found"),
    [
        ((), "comp", ["completion"]),
        (("export", "m.tflite", "--board"), "nucleo-f4", ["nucleo-f401re", "nucleo-f446re"]),
        (("plan", "m.tflite", "--core"), "cortex-m3", ["cortex-m3", "cortex-m33"]),
    ],
)
def test_commands_boards_and_cores_are_completed(before: tuple[str, ...], begun: str, found: list[str]) -> None:
    shell = BashComplete(main, {}, "depthwise", "_DEPTHWISE_COMPLETE")
    assert [item.value for item in shell.get_completions(list(before), begun)] == found
