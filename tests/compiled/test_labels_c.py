"""Labels as a C and a C++ program meet them: an array in the network's header, whatever is in their text."""

import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL

LABELS = ('a "quoted" one', "back\\slash", "trigraph ??/", "één", "%s", "0", "1f", "</x>", "'", "日本")
STRICT = ("-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
COMPILERS = (("gcc", "-std=c99", "c"), ("clang", "-std=c99", "c"), ("g++", "-std=c++11", "cpp"))
PROGRAM = """
#include <stdio.h>
#include "digits.h"

int main(void)
{
    for (int i = 0; i < DIGITS_OUTPUT_SIZE; i++) {
        puts(DIGITS_LABELS[i]);
    }
    return 0;
}
"""


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_program_prints_the_labels_of_the_header(tmp_path: Path, compiler: tuple[str, str, str]) -> None:
    name, standard, suffix = compiler
    export(MODEL, tmp_path / "p", ExportOptions(board=board("host"), project="library", labels=LABELS))
    (tmp_path / f"main.{suffix}").write_text(PROGRAM)
    (tmp_path / f"unused.{suffix}").write_text('#include "digits.h"\n')
    sources = (tmp_path / f"main.{suffix}", tmp_path / f"unused.{suffix}")
    command = [name, standard, *STRICT, f"-I{tmp_path / 'p'}", *map(str, sources), "-o", str(tmp_path / "out")]
    subprocess.run(command, check=True)
    printed = subprocess.run([str(tmp_path / "out")], check=True, capture_output=True, text=True).stdout
    assert tuple(printed.splitlines()) == LABELS
