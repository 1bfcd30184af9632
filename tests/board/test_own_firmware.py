"""The network inside firmware of the user's own: `network/` and `app/` dropped in, its own main loop, its own build."""

import shutil
import subprocess
from pathlib import Path

from depthwise.host.demo import MODEL
from tests.support.projects import built
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
    project = built("mps2-m4", MODEL, trace=True)
    for name in ("network", "app", "board"):
        shutil.copytree(project.folder / name, tmp_path / name)
    (tmp_path / "app" / "main.c").unlink()
    (tmp_path / "own.c").write_text(MAIN)
    chosen = project.board
    sources = [str(p) for p in sorted(tmp_path.rglob("*.c"))]
    folders = [f"-I{tmp_path / name}" for name in ("network", "app", "board")]
    symbols = [f"-Wl,--defsym={symbol}" for symbol in chosen.linker_symbols]
    command = [f"{chosen.toolchain}gcc", *chosen.cpu_flags, "-O1", "-std=c99", "-ffreestanding", *folders, *sources]
    link = ["-nostartfiles", *symbols, "-T", str(tmp_path / "board" / "bare.ld"), *chosen.link_flags]
    image = tmp_path / "own.elf"
    subprocess.run([*command, *link, "-o", str(image)], check=True)
    verdict = verified(project, image)
    assert (verdict.equal, verdict.tensors) == (True, 15)
