"""Projects of frameworks compiled for this machine over stand-ins of the frameworks, and verified."""

import subprocess
from pathlib import Path

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.demo import MODEL
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link
from depthwise.host.verify import verify
from depthwise.host.verify.inputs import generated_inputs
from tests.support.frameworks import CASES, STUBS_OF, Stub, compile_strictly, exported, flags, language, program
from tests.support.places import STUBS


@pytest.mark.parametrize(("kind", "stub"), CASES, ids=lambda c: "".join(c.defines) if isinstance(c, Stub) else c)
def test_a_project_of_a_framework_is_verified_bit_for_bit_over_its_stand_in(
    kind: str, stub: Stub, tmp_path: Path
) -> None:
    project = exported(kind)
    with virtual_board(program(project, stub, tmp_path), board("host")) as url, Link.open(url) as link:
        assert link.hello().core == "xtensa-lx6"
        verdict = verify(project, link, generated_inputs(project.graph, 2, seed=0))
    assert verdict.equal, str(verdict.difference)
    assert verdict.tensors == len(project.traced) > 1
    assert verdict.damaged_frames == 0


@pytest.mark.parametrize("options", [{"trace": False}, {"context": True}, {"canary": True, "trace": True}], ids=str)
@pytest.mark.parametrize("kind", STUBS_OF)
def test_a_project_is_verified_with_every_option(kind: str, options: dict[str, bool], tmp_path: Path) -> None:
    project = exported(kind, **{"trace": False, **options})
    made = program(project, STUBS_OF[kind][0], tmp_path)
    with virtual_board(made, board("host")) as url, Link.open(url) as link:
        assert verify(project, link, generated_inputs(project.graph, 1, seed=0)).equal


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("kind", ["esp-idf", "zephyr"])
def test_the_c_of_a_project_compiles_strictly(kind: str, compiler: str, tmp_path: Path) -> None:
    compile_strictly(kind, (compiler, "-O2"), tmp_path)


def test_a_sketch_refuses_a_core_whose_serial_port_keeps_too_few_bytes(tmp_path: Path) -> None:
    project, stub = exported("arduino"), Stub("arduino", (), ("libraries/digits/src",))
    source = project.folder / "verify" / "src" / "board.cpp"
    command = ["gcc", *language(source), *flags(project, stub), "-c", str(source), "-o", str(tmp_path / "o")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode
    assert "-DSERIAL_RX_BUFFER_SIZE=512" in refused.stderr
    assert "-DSERIAL_RX_BUFFER_SIZE=512" in (project.folder / "verify" / "build_opt.h").read_text()


@pytest.mark.parametrize("context", [False, True])
def test_the_example_sketch_prints_the_scores_of_its_image(context: bool, tmp_path: Path) -> None:
    project = exported("arduino", trace=False, context=context)
    stub = STUBS_OF["arduino"][0]
    (sketch,) = project.folder.rglob("scores.ino")
    (network,) = (project.folder / "libraries").rglob("digits.c")
    text = sketch.read_text().replace("Serial.begin(115200);", "")
    (tmp_path / "scores.ino").write_text(text)
    objects = []
    core = STUBS / "arduino" / "core.cpp"
    serial = tmp_path / "serial.c"
    serial.write_text(
        '#include "tcp.h"\nvoid tcp_init(void) { }\nint tcp_receive(void) { return -1; }\n'
        "void tcp_send(const uint8_t *data, size_t count) { (void)data; (void)count; }\n"
    )
    for number, source in enumerate((tmp_path / "scores.ino", network, core, serial)):
        objects.append(str(tmp_path / f"{number}.o"))
        command = ["gcc", *language(source), *flags(project, stub), "-c", str(source), "-o", objects[-1]]
        subprocess.run(command, check=True)
    subprocess.run(["gcc", *objects, "-lstdc++", "-o", str(tmp_path / "scores")], check=True)
    printed = subprocess.run([tmp_path / "scores"], check=True, capture_output=True, text=True).stdout
    scores = [float(word) for word in printed.split()]
    assert len(scores) == 10
    assert sum(scores) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("name", ["network", "link", "test", "app", "trace", "ring"])
def test_a_network_called_as_a_file_of_the_application_still_builds(name: str, tmp_path: Path) -> None:
    manifest = export(MODEL, tmp_path / "p", ExportOptions(board=board("host"), name=name))
    assert manifest["name"] == f"{name}_net"
    subprocess.run(["make", "-C", str(tmp_path / "p")], check=True, capture_output=True)
