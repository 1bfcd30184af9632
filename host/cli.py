"""The `depthwise` command: finds the sub-command, and turns every error of the tree into one line and exit 2."""

import sys
from typing import Any, Final

import click

from depthwise.codegen.errors import DepthwiseError
from depthwise.codegen.version import VERSION

from .commands import boards, build, chip, demo, export, flash, inspect, plan, quantize, train, verify, zoo
from .console import err
from .console.signals import clean_end

# A line of \b keeps click from filling the paragraph behind it.
HELP: Final = """Turn a trained tiny MobileNet into plain C, and prove that the board computes it exactly.

\b
depthwise inspect model.tflite               what it is and what it costs
depthwise zoo list                           small networks to start from
depthwise train --digits                     train one, down to int8
depthwise quantize m.keras -o m.tflite --data imgs   from float to int8
depthwise plan model.tflite --ram 20K        how much RAM, at what price
depthwise export model.tflite -b BOARD -o p  C, firmware and Makefile
depthwise build p                            compile it
depthwise verify p --virtual                 compare every bit, on QEMU
depthwise flash p                            put it on the board on the desk
depthwise verify p --port /dev/ttyACM0       compare every bit there
depthwise demo                               all of that, on a small model

Exit codes: 0 all is well, 1 the board differs from the model, 2 an error.
"""


class _Group(click.Group):
    """Catches the root of the error tree, once, for all commands."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with clean_end():
                return super().invoke(ctx)
        except DepthwiseError as error:
            console = err()
            console.print(f"[red]error:[/red] {_escaped(error.message)}", soft_wrap=True)
            if error.hint:
                console.print(f"[yellow]next:[/yellow]  {_escaped(error.hint)}", soft_wrap=True)
            ctx.exit(2)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


@click.group(cls=_Group, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="depthwise")
def main() -> None:
    """Turn a model into C, and prove it on the board."""


COMMANDS = (zoo, train, inspect, quantize, plan, export, build, flash, verify, boards, chip, demo)
for module in COMMANDS:
    main.add_command(module.command)

if __name__ == "__main__":
    sys.exit(main())
