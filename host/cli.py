"""The command line `depthwise`: its commands, and the one place where errors become messages.

Exit codes: 0 done (verify: equal), 1 verify found a difference, 2 an error or wrong usage, 130 interrupted.
"""

from collections.abc import Sequence
from typing import Final

import click
from rich.text import Text

from depthwise.codegen.errors import DepthwiseError
from depthwise.codegen.version import VERSION

from .commands.boards import boards_command
from .commands.build import build_command
from .commands.demo import demo_command
from .commands.export import export_command
from .commands.inspect import inspect_command
from .commands.verify import verify_command
from .console import printable, stderr

EPILOG: Final = """\b
From a model file to a verified board:
  depthwise inspect vww.tflite
  depthwise export vww.tflite --board netduinoplus2 -o vww
  depthwise build vww
  depthwise verify vww --virtual        (or --port /dev/ttyUSB0)

\b
No model and no board at hand?  depthwise demo
"""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="depthwise")
def cli() -> None:
    """Turn a trained tiny MobileNet into plain C for a microcontroller, and prove it right on the board."""


for _command in (
    inspect_command,
    export_command,
    build_command,
    verify_command,
    boards_command,
    demo_command,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        code = cli.main(arguments, prog_name="depthwise", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        stderr().print("interrupted")
        return 130
    except DepthwiseError as error:
        _report(error)
        return 2
    return code if isinstance(code, int) else 0


def _report(error: DepthwiseError) -> None:
    console = stderr()
    lines = (printable(line, 1000) for line in error.message.splitlines())
    console.print(Text.assemble(("error: ", "bold red"), "\n".join(lines)), soft_wrap=True)
    if error.hint:
        console.print(Text.assemble(("hint:  ", "bold cyan"), printable(error.hint, 1000)), soft_wrap=True)
