"""The generated text itself: a committed sample, determinism, and names that come from outside."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import lower
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from tests.support.compiled import LIBRARY
from tests.support.models import model_path
from tests.support.networks import NAMED_NETWORKS, random_network
from tests.support.places import ROOT
from tests.support.port_networks import stereo_network


def rendered(graph: Graph, name: str, *, trace: bool = False) -> dict[str, str]:
    view = network_view(choose(lower(graph)), Source("digits.tflite", "0" * 64), name=name, trace=trace)
    return render_network(view)


@pytest.mark.parametrize("file", ["digits.h", "digits.c"])
def test_the_committed_sample_is_what_is_generated(file: str, golden: Callable[[str, str], None]) -> None:
    golden(f"docs/sample/{file}", rendered(read_model(MODEL), "digits")[file])


def test_the_header_of_several_inputs_and_outputs_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("tests/golden/stereo.h", rendered(stereo_network(), "stereo")["stereo.h"])


@pytest.mark.parametrize(
    "name", ['x*/ #include "/etc/passwd" /*', "int", "7 segments", "é…", "state", "a\nb\\", "wants"]
)
def test_hostile_names_of_inputs_and_outputs_are_made_safe_and_different(name: str, tmp_path: Path) -> None:
    graph = stereo_network()
    same = replace(graph, tensors=tuple(replace(t, name=name) for t in graph.tensors))
    for file, text in rendered(same, "net").items():
        assert '"/etc' not in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        (tmp_path / file).write_text(text)
    command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *LIBRARY, str(tmp_path / "net.c")]
    subprocess.run(command, check=True)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(MODEL, tmp_path / name, ExportOptions(board=board("netduinoplus2"), trace=True))
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in "ab"
    )
    assert one == two


def test_nothing_generated_names_a_path_a_user_or_a_date(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=board("netduinoplus2"), trace=True))
    text = "".join(
        p.read_text() for p in (tmp_path / "p").rglob("*") if p.suffix in {".c", ".h", ".json", ""} and p.is_file()
    )
    assert str(Path.home()) not in text
    assert str(tmp_path) not in text
    assert not re.search(r"\b20[2-9]\d-\d\d-\d\d\b", text)


@pytest.mark.parametrize("name", ['x*/ #include "/etc/passwd" /*', "int", "7 segments", "é…", "../../up", "a\nb\\"])
def test_hostile_names_reach_neither_c_nor_a_path(name: str) -> None:
    graph = NAMED_NETWORKS["conv"]()
    tensors = tuple(replace(t, name=name) for t in graph.tensors)
    files = rendered(replace(graph, name=name, tensors=tensors), name, trace=True)
    for file, text in files.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*(_weights)?\.[ch]", file)
        assert text.isascii()
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert '"/etc' not in code


@pytest.mark.parametrize("seed", range(20))
def test_the_generated_c_has_the_projects_own_layout(seed: int, tmp_path: Path) -> None:
    shutil.copy(ROOT / ".clang-format", tmp_path)
    files = rendered(random_network(seed), f"net{seed}", trace=bool(seed % 2))
    for file in (f"net{seed}.c", f"net{seed}.h"):
        (tmp_path / file).write_text(files[file])
        tool = [str(Path(sys.executable).parent / "clang-format"), "--dry-run", "--Werror", str(tmp_path / file)]
        subprocess.run(tool, check=True)


def test_layers_that_differ_only_in_data_share_a_function() -> None:
    source = rendered(read_model(model_path("vww_96_int8")), "vww")["vww.c"]
    functions = re.findall(r"^DW_(?:FUNCTION|LAYER) (?:void|bool) (vww_layer\w+)", source, flags=re.MULTILINE)
    calls = re.findall(r"^        (?:if \(!)?(vww_layer\w+)\(", source, flags=re.MULTILINE)
    assert len(calls) == 30
    assert set(calls) == set(functions)
    assert len(functions) == 22, "five equal blocks share their two functions"
