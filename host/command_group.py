"""The sub-commands of `depthwise`, each loaded when it is asked for: what one does not need is not imported."""

from importlib import import_module
from typing import Final

import click

# What `depthwise --help` says of each, in this order: the first sentence of the command's own help.
COMMANDS: Final = {
    "zoo": "Small networks to start from: MobileNets, DS-CNN, and what each idea saves.",
    "train": "Train a small network, quantize it to int8, and measure it on pictures that it has never seen.",
    "inspect": "Show the layers of MODEL (.tflite or .keras) with their multiply-accumulates and bytes.",
    "fit": "Show which boards hold MODEL (int8, or a float one, estimated): RAM, flash, predicted time.",
    "quantize": "Quantize MODEL (a float .tflite, or .keras) to int8 by what it does with example inputs.",
    "plan": "Show the ways to run MODEL (.tflite) that no other way beats in RAM, flash and time.",
    "export": "Write C, firmware and all that builds them for MODEL (.tflite) into a project folder.",
    "build": "Compile the project in FOLDER and show what it takes of the board.",
    "flash": "Flash the built project in FOLDER, and compare what the board then holds.",
    "verify": "Compare boards with the golden model of the project in FOLDER, bit for bit.",
    "bench": "Run one input again and again on the board of the project in FOLDER: min, median and max of its counter.",
    "capture": "Take pictures with the camera of a board, for training, into the folder of a class.",
    "report": "Write a page about MODEL (.tflite, .keras, or a project folder): where it fits, memory, layers, "
    "measurements.",
    "boards": "List the boards that can be exported for, and the serial ports of this machine; or show the board NAME.",
    "ports": "List the serial ports of this machine with the boards that may be at them, by their USB numbers.",
    "chip": "Serve the emulated chip of BOARD, erased and in its boot loader, until Ctrl-C.",
    "doctor": "Look for compilers, emulators, flashing programs, extras and ports; say what mends what is missing.",
    "docs": "Open the documents in a browser, at PAGE (guide/verify, or just verify), and print where they are.",
    "completion": "Print what completes commands, options, boards, cores and ports in a SHELL.",
    "demo": "Export, build, run and verify a digits network on a virtual board.",
}


class LazyGroup(click.Group):
    """A group whose commands are the files of `commands`."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names of the commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f".commands.{cmd_name}", __package__).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, none of which is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
