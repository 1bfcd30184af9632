"""The `depthwise` command: finds the sub-command, and ends with the exit code of what came of it."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import click

from depthwise.codegen.version import VERSION

from .command_group import LazyGroup
from .console.endings import run_to_end

# A line of \b keeps click from filling the paragraph behind it.
HELP: Final = """Turn a trained tiny MobileNet into plain C, and prove that the board computes it exactly.

\b
depthwise inspect model.tflite               what it is and what it costs
depthwise fit model.tflite                   which boards hold it, how fast
depthwise zoo list                           small networks to start from
depthwise train --digits                     train one, down to int8
depthwise quantize m.keras -o m.tflite --data imgs   from float to int8
depthwise plan model.tflite --ram 20K        how much RAM, at what price
depthwise export model.tflite -b BOARD -o p  C, firmware and Makefile
depthwise build p                            compile it
depthwise verify p --virtual                 compare every bit, on QEMU
depthwise flash p                            put it on the board on the desk
depthwise verify p --port /dev/ttyACM0       compare every bit there
depthwise bench p --port /dev/ttyACM0        how long it takes there
depthwise doctor                             what is missing here
depthwise demo                               all of that, on a small model

Exit codes: 0 all is well, 1 the board differs from the model, 2 an error,
70 a bug of ours (with a line to report), 130 interrupted.
"""


class _Group(LazyGroup):
    """The one place where every command ends: with its exit code, whatever has come up."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command. `standalone_mode` as click has it: without it, whatever comes up is raised."""
        given = sys.argv[1:] if args is None else list(args)
        work = partial(super().main, given, prog_name, complete_var, standalone_mode=False, **extra)
        return sys.exit(run_to_end(work, as_json="--json" in given)) if standalone_mode else work()


@click.group(cls=_Group, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="depthwise")
def main() -> None:
    """Turn a model into C, and prove it on the board."""


if __name__ == "__main__":
    sys.exit(main())
