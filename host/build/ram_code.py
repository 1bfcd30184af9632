"""Holds an image to what `export --ram-code` said: the network's code lies in RAM."""

from depthwise.codegen.errors import ToolError
from depthwise.codegen.project.placement import CODE_RAM, RAM_CODE
from depthwise.host.project import Project

from .elf import sections


def check_ram_code(project: Project) -> None:
    """Raise ToolError where a linker script of the board's own left code for RAM elsewhere.

    A script that knows nothing of it leaves a section of its name in the image, behind the other code.
    """
    board = project.board
    memories = ((board.ram_start, board.ram_bytes), (board.code_ram_start, board.code_ram_bytes))
    for section in sections(project.firmware):
        there = any(start <= section.address < start + size for start, size in memories)
        if section.name in {RAM_CODE, CODE_RAM} and section.size and not there:
            raise ToolError(
                f"{project.board.linker_script} puts {section.size:,} bytes of {section.name} at "
                f"{section.address:#010x}, which is no RAM of {board.name}",
                f"put *({section.name}*) in front of its .data, or export without --ram-code",
            )
