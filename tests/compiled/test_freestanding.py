"""The few functions of a C library that a board without one is given."""

import subprocess
from pathlib import Path

from depthwise.codegen.targets.boards import FREESTANDING
from tests.support.places import SUPPORT


def test_the_board_without_a_c_library_copies_and_fills_as_one_would(tmp_path: Path) -> None:
    folder = FREESTANDING
    names = [f"-D{n}=own_{n}" for n in ("memcpy", "memmove", "memset", "memcmp", "strlen")]
    program = tmp_path / "string_check"
    source = SUPPORT / "string_check.c"
    flags = ["-std=c99", "-O2", "-ffreestanding", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    subprocess.run(["gcc", *flags, *names, "-c", folder / "string.c", "-o", tmp_path / "string.o"], check=True)
    subprocess.run(
        ["gcc", "-std=c99", source, tmp_path / "string.o", "-fsanitize=undefined", "-o", program], check=True
    )
    subprocess.run([program], check=True)
