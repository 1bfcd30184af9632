"""Networks whose names are those of somebody else's headers or words."""

import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.passes import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.compiled import LIBRARY, STRICT
from tests.support.networks import NAMED_NETWORKS

HEADERS_OF_OTHERS = ("string", "stdint", "time", "signal", "math", "assert", "limits", "Arduino", "errno", "stddef")


@pytest.mark.parametrize("name", [*HEADERS_OF_OTHERS, "int", "class", "import", "machine", "wifi", "dw_asm", "NUL"])
def test_a_name_that_is_somebody_elses_gets_files_and_functions_of_its_own(name: str, tmp_path: Path) -> None:
    """A header string.h beside the C would be what <string.h> finds, where folders of headers are one."""
    view = network_view(
        choose(lower(NAMED_NETWORKS["conv"]())), Source("conv.tflite", "0" * 64), name=name, trace=False
    )
    files = render_network(view)
    safe = f"{name.lower()}_net"
    assert set(files) == {f"{safe}.c", f"{safe}.h", f"{safe}_weights.h"}
    assert f"void {safe}_run(" in files[f"{safe}.h"]
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    flags = [*STRICT, f"-I{tmp_path}", *LIBRARY, f"-isystem{tmp_path}"]
    subprocess.run(["gcc", *flags, "-c", str(tmp_path / f"{safe}.c"), "-o", str(tmp_path / "o.o")], check=True)


def test_an_exported_project_of_such_a_name_is_whole(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=board("host"), name="string"))
    assert {p.name for p in (tmp_path / "p" / "network").glob("string*")} == {
        *("string_net.c", "string_net.h", "string_net_weights.h")
    }
    build(open_project(tmp_path / "p"))
