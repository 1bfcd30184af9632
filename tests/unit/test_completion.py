"""What shells complete, and what every command has in common."""

from collections.abc import Iterator

import click
import pytest
from click.shell_completion import BashComplete

from depthwise.host.cli import main
from depthwise.host.flash import usb_ports
from depthwise.host.flash.usb_ports import SerialPort
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
        (("export", "m.tflite", "--project"), "es", ["esp-idf"]),
        (("build", "p", "--arch"), "armv7", ["armv7m", "armv7emsp"]),
        (("boards",), "nrf", ["nrf52840dk"]),
        (("chip",), "blue", ["bluepill"]),
    ],
)
def test_commands_boards_and_cores_are_completed(before: tuple[str, ...], begun: str, found: list[str]) -> None:
    shell = BashComplete(main, {}, "depthwise", "_DEPTHWISE_COMPLETE")
    assert [item.value for item in shell.get_completions(list(before), begun)] == found


def test_ports_of_this_machine_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [SerialPort(name, "", "") for name in ("/dev/ttyACM0", "/dev/ttyUSB0")]
    monkeypatch.setattr(usb_ports, "machine_ports", lambda: ports)
    shell = BashComplete(main, {}, "depthwise", "_DEPTHWISE_COMPLETE")
    found = [item.value for item in shell.get_completions(["verify", "p", "--port"], "/dev/ttyA")]
    assert found == ["/dev/ttyACM0"]


def every_command(group: click.Group, *before: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)


def test_what_is_written_goes_where_out_says() -> None:
    for name, command in every_command(main):
        for option in command.params:
            spelled = {*option.opts, *option.secondary_opts}
            assert "-o" not in spelled or "--out" in spelled, f"{' '.join(name)} has {spelled}"


def test_help_fits_a_terminal_and_cuts_no_name() -> None:
    for name, command in every_command(main):
        text = call(*name, "--help").output
        assert all(len(line) <= 80 for line in text.splitlines()), " ".join(name)
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert all(spelled in text for spelled in option.opts), f"{' '.join(name)}: {option.opts}"
