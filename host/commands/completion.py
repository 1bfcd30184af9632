"""`depthwise completion`: what a shell reads to complete commands, options, boards, cores, kinds of project, ports."""

from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

PROGRAM: Final = "depthwise"
VARIABLE: Final = "_DEPTHWISE_COMPLETE"
SHELLS: Final[dict[str, type[ShellComplete]]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(*, shell: str) -> None:
    """Print what completes commands, options, boards, cores and ports in a SHELL.

    \b
    eval "$(depthwise completion bash)"          in ~/.bashrc
    eval "$(depthwise completion zsh)"           in ~/.zshrc
    depthwise completion fish | source           in ~/.config/fish/config.fish
    """  # noqa: D301 - click's mark for lines that are not wrapped
    click.echo(SHELLS[shell](click.Group(PROGRAM), {}, PROGRAM, VARIABLE).source())
