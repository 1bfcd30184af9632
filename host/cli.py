"""The `depthwise` command: finds the sub-command, and turns every error of the tree into one line and exit 2."""

import sys
from typing import Any

import click

from depthwise.codegen.errors import DepthwiseError
from depthwise.codegen.version import VERSION

from .commands import boards, build, chip, demo, export, flash, inspect, plan, verify
from .console import err


class _Group(click.Group):
    """Catches the root of the error tree, once, for all commands."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DepthwiseError as error:
            console = err()
            console.print(f"[red]error:[/red] {_escaped(error.message)}", soft_wrap=True)
            if error.hint:
                console.print(f"[yellow]next:[/yellow]  {_escaped(error.hint)}", soft_wrap=True)
            ctx.exit(2)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="depthwise")
def main() -> None:
    r"""Turn a trained tiny MobileNet into plain C, and prove that the board computes it exactly.

    \b
    depthwise inspect model.tflite                       what it is and what it costs
    depthwise plan model.tflite --ram 20K                how much RAM it needs, at what price
    depthwise export model.tflite -b netduinoplus2 -o p  C, firmware and Makefile
    depthwise build p                                    compile it
    depthwise verify p --virtual                         run it on a virtual board, compare every bit
    depthwise flash p                                    put it on the board on the desk
    depthwise verify p --port /dev/ttyACM0               compare every bit there
    depthwise demo                                       all of that, on a bundled model

    Exit codes: 0 all is well, 1 the board differs from the model, 2 an error.
    """


COMMANDS = (inspect, plan, export, build, flash, verify, boards, chip, demo)
for module in COMMANDS:
    main.add_command(module.command)

if __name__ == "__main__":
    sys.exit(main())
