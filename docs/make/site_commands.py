"""The reference of the command line, made of the commands themselves."""

import inspect
import re
from collections.abc import Iterator
from typing import Final

import click

from depthwise.host.cli import main

from .site_tables import cell, table

HEAD: Final = """# Commands

Made of the commands themselves: `depthwise COMMAND --help` says the same. Every command has `--json`
([schemas](json.md)); with it, an error is an object as well ([errors](errors.md)). A SHELL completes commands, options,
boards, cores, kinds of project, architectures, ports and pages of these documents:

```sh
eval "$(depthwise completion bash)"            # in ~/.bashrc; zsh the same in ~/.zshrc
depthwise completion fish | source             # in ~/.config/fish/config.fish
```

| exit code | means |
|---|---|
| 0 | all is well |
| 1 | the board differs from the model |
| 2 | an error, in a line with the next step |
| 70 | a bug of ours, with a line to report |
| 130 | interrupted by Ctrl-C |
"""
UNWRAPPED: Final = "\b"


def commands_page() -> str:
    """The text of the page."""
    context = click.Context(main, info_name="depthwise")
    return "\n".join([HEAD, *_of_group(main, context)])


def _of_group(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield from _of_command(command, inner)
        if isinstance(command, click.Group):
            yield from _of_group(command, inner)


def _of_command(command: click.Command, context: click.Context) -> Iterator[str]:
    level = "#" * len(context.command_path.split())
    yield f"{level} {context.command_path}\n"
    yield f"```text\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```\n"
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "")):
        yield _paragraph(paragraph)
    records = [param.get_help_record(context) for param in command.get_params(context)]
    yield table(("option", "is"), [(f"`{name}`", cell(said)) for name, said in filter(None, records)])


def _paragraph(text: str) -> str:
    if not text.startswith(UNWRAPPED):
        return f"{cell(' '.join(text.split()))}\n"
    return f"```text\n{text.removeprefix(UNWRAPPED).strip(chr(10))}\n```\n"
