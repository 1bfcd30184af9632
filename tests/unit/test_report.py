"""The report: one page that loads nothing, says what other commands say, and shows hostile names as text."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from depthwise.codegen.errors import InputError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.report import read_quantization, read_saved, report_page, subject_of
from depthwise.host.report.memory_map import memory_map
from tests.support.commands import call
from tests.support.float_networks import mobilenet

HOSTILE = '</title><script>alert("$x_1$")</script>&\u202e'
needs_charts = pytest.mark.usefixtures("charts")


@pytest.fixture
def charts() -> None:
    pytest.importorskip("matplotlib", reason="pip install 'depthwise[report]'")


class Elements(HTMLParser):
    """Counts elements, and keeps what they refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "xlink:href", "data", "action"}]
        self.names += [value or "" for name, value in attrs if name == "id"]


def elements(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    return found


def assert_alone(page: str) -> Elements:
    """Nothing is loaded, nothing runs, and no name is there twice."""
    found = elements(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert all(link.startswith("#") for link in found.links)
    assert {link[1:] for link in found.links} <= set(found.names)
    assert len(set(found.names)) == len(found.names)
    assert not re.search(r"url\((?!#)|@import", page)
    return found


def saved_file(folder: Path, layers: list[dict[str, Any]], **changes: Any) -> Path:
    verified = {"equal": True, "port": "p", "board": "netduinoplus2", "inputs": 2, "ticks": 9, "clock": "QEMU"}
    verified |= {"milliseconds": None, "layers": layers, **changes}
    bench = {"runs": 3, "wrong": 0, "board": HOSTILE, "clock": "board", "median": 8.0, "median_milliseconds": 1.25}
    lines = [{"time": "2026-01-01", "version": "0", "result": result} for result in ([verified], bench)]
    path = folder / "saved.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@needs_charts
def test_a_project_with_its_measurements_is_one_page_that_loads_nothing(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=board("netduinoplus2"), trace=True))
    subject = subject_of(tmp_path / "p")
    assert subject.plan is not None
    layers = [{"layer": n.layer, "operator": n.op.kind, "ticks": 77_000 + n.layer} for n in subject.plan.graph.nodes]
    quantized = {
        "layers": [
            {"layer": 0, "operator": HOSTILE, "sqnr_db": float("inf")},
            {"layer": 1, "operator": "ADD", "sqnr_db": 3},
        ],
        "culprit": {"layer": 1},
        "agreement": 0.5,
        "inputs": 10,
        "measured_on": HOSTILE,
        "collapsed": True,
        "classes": True,
    }
    (tmp_path / "q.json").write_text(json.dumps(quantized))
    given: dict[str, Any] = {"saved": read_saved(saved_file(tmp_path, layers))}
    given["quantization"] = read_quantization(tmp_path / "q.json")
    page = report_page(subject, **given)
    found = assert_alone(page)
    assert found.tags.count("svg") == 4
    assert page == report_page(subject, **given)
    for text in (
        "281,472",
        f"{sum(subject.cycles.values()):,}",
        "77,014",
        "of QEMU's clock, not of a chip",
        "The network was lost",
        "1.250",
    ):
        assert text in unescape(page), text
    assert "&lt;script&gt;" in page
    assert re.search(r"#0102\d\d", page) is None


@needs_charts
def test_names_of_a_model_are_text(tmp_path: Path) -> None:
    graph = read_model(MODEL)
    tensors = tuple(replace(tensor, name=f"{HOSTILE} {number}") for number, tensor in enumerate(graph.tensors))
    path = tmp_path / "<script>.tflite"
    path.write_bytes(write_model(replace(graph, tensors=tensors)))
    page = report_page(subject_of(path, "bluepill"))
    assert_alone(page)
    assert "&lt;script&gt;.tflite" in page
    assert "planned for bluepill" in page


@needs_charts
def test_a_float_model_has_its_estimate_and_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "float.tflite"
    path.write_bytes(write_model(mobilenet()))
    page = report_page(subject_of(path))
    assert assert_alone(page).tags.count("svg") == 2
    assert "Estimated" in page
    assert "Memory over time" not in page


@needs_charts
def test_the_command_writes_a_page_once_and_again_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "r.html"
    told = json.loads(call("report", MODEL, "-o", target, "-b", "bluepill", "--no-playground", "--json").output)
    assert told == {
        "model": "digits.tflite",
        "board": "bluepill",
        "core": "cortex-m3",
        "report": str(target),
        "bytes": len(target.read_bytes()),
        "playground": False,
    }
    assert call("report", MODEL, "-o", target).exit_code == 2
    assert call("report", MODEL, "-o", target, "--force", "--no-playground").exit_code == 0


def test_what_lies_in_memory_at_the_same_time_lies_apart() -> None:
    subject = subject_of(MODEL)
    assert subject.plan is not None
    found = memory_map(subject.plan)
    assert max(living.offset + living.size for living in found.livings) <= found.bytes
    for number, one in enumerate(found.livings):
        for other in found.livings[number + 1 :]:
            together = one.first <= other.last and other.first <= one.last
            apart = one.offset + one.size <= other.offset or other.offset + other.size <= one.offset
            assert apart or not together, (one, other)
    assert len(found.cuts) == len(subject.plan.segments) - 1


def test_without_matplotlib_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> Any:
        raise ImportError

    monkeypatch.setattr("depthwise.host.report.svg.import_module", missing)
    done = call("report", MODEL, "-o", tmp_path / "r.html", "--no-playground")
    assert done.exit_code == 2
    assert "depthwise[report]" in done.output
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null\n", '{"time": 1, "result": [{}]}', '{"time": 1, "result": 3}', "\x00"]
)
@pytest.mark.parametrize("read", [read_saved, read_quantization])
def test_files_of_something_else_are_refused(text: str, read: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "f").write_text(text)
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "f"))):
        read(tmp_path / "f")


def test_a_project_has_a_board_of_its_own(tmp_path: Path) -> None:
    export(MODEL, tmp_path / "p", ExportOptions(board=board("host")))
    with pytest.raises(InputError, match="has a board"):
        subject_of(tmp_path / "p", "bluepill")
