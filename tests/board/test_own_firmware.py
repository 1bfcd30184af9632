"""The network inside firmware of the user's own: a library with `app/` dropped in, its own main loop, its own build."""

import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import bare_core, board
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.commands import call
from tests.support.verified import verified

MAIN = """
#include "board.h"
#include "serve.h"

static volatile unsigned own_work;

int main(void)
{
    dw_board_init();
    for (;;) {
        own_work++;
        dw_serve();
    }
}
"""


def test_firmware_of_the_users_own_with_app_dropped_in_is_verified(tmp_path: Path) -> None:
    folder, chosen = tmp_path / "digits", board("mps2-m4")
    told = call("export", MODEL, "--project", "library", "-b", chosen.name, "--app", "--trace", "-o", folder)
    assert told.exit_code == 0
    (tmp_path / "own.c").write_text(MAIN)
    drivers = chosen.source_files
    sources = [str(f) for f in (*tmp_path.glob("*.c"), folder / "digits.c", *folder.glob("app/*.c"))]
    sources += [str(f) for f in drivers if f.suffix == ".c"]
    folders = [f"-I{name}" for name in (folder, folder / "app", *{f.parent for f in drivers})]
    symbols = [f"-Wl,--defsym={symbol}" for symbol in chosen.linker_symbols]
    command = [f"{chosen.toolchain}gcc", *chosen.cpu_flags, "-O1", "-std=c99", "-ffreestanding", *folders, *sources]
    script = next(str(f) for f in drivers if f.suffix == ".ld")
    link = ["-nostartfiles", *symbols, "-T", script, *chosen.link_flags]
    image = tmp_path / "own.elf"
    subprocess.run([*command, *link, "-o", str(image)], check=True)
    verdict = verified(open_project(folder), image)
    assert (verdict.equal, verdict.tensors) == (True, 15)


def test_a_library_with_app_still_is_one_and_has_no_board_of_its_own(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=bare_core("cortex-m4"), project="library", app=True))
    project = open_project(tmp_path / "p")
    assert (project.kind.name, project.kind.app, project.runs_here) == ("library", "app", False)
    assert not (tmp_path / "p" / "app" / "main.c").exists()
    assert "target_sources(digits_app INTERFACE" in (tmp_path / "p" / "CMakeLists.txt").read_text()
    told = call("verify", tmp_path / "p").output
    assert "give --port" in told


@pytest.mark.parametrize(("kind", "said"), [("bare", "has its application already"), ("micropython", "the REPL")])
def test_a_project_with_an_application_or_a_repl_takes_no_other(kind: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        export(MODEL, tmp_path / "p", ExportOptions(board=board("mps2-m4"), project=kind, app=True))
