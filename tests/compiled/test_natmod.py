"""A native module does in a real MicroPython what the golden model says, from wherever its weights come."""

import zlib
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.host.build.romfs import romfs_image
from depthwise.host.demo import MODEL
from depthwise.host.project import Project
from tests.support.models import model_path
from tests.support.natmods import FOLDER, LABELS, images, in_project, native, python, scores

WAYS = {
    "the file beside the module": "m.Model()",
    "a path": "m.Model('{name}.weights')",
    "a file": "m.Model(open('{name}.weights', 'rb'))",
    "a file and a buffer": "m.Model(open('{name}.weights', 'rb'), bytearray(m.BUFFER_BYTES))",
    "a buffer for all constants": "m.Model(buffer=bytearray(m.CONSTANT_BYTES))",
    "bytes": "m.Model(open('{name}.weights', 'rb').read())",
    "a memoryview": "m.Model(memoryview(open('{name}.weights', 'rb').read()))",
    "memory at an odd address, with a buffer": "m.Model(moved, buffer=bytearray(m.BUFFER_BYTES))",
    "memory at an odd address, kept in a buffer": "m.Model(moved, buffer=bytearray(m.CONSTANT_BYTES))",
    "what reads as a file": "m.Model(io.BytesIO(open('{name}.weights', 'rb').read()))",
}
HEAD = """
import io
moved = memoryview(b"x" + open("{name}.weights", "rb").read())[1:]
net = {way}
inputs = open("{inputs}", "rb")
image = bytearray(m.INPUT_BYTES)
"""
RUN = """
while inputs.readinto(image):
    print(digest(net.run(image)))
"""


def script(project: Project, way: str, body: str) -> str:
    name, inputs = project.manifest["name"], project.folder / "inputs.bin"
    inputs.write_bytes(images(project).tobytes())
    return HEAD.format(name=name, way=way.format(name=name), inputs=inputs) + body


def test_scores_are_those_of_the_golden_model_wherever_the_weights_are() -> None:
    project = native()
    expected = scores(project, images(project))
    for name, way in WAYS.items():
        assert in_project(project, script(project, way, RUN)) == expected, name


@pytest.mark.parametrize("schedule", ["rows", "whole"])
def test_every_schedule_gives_the_same_bytes(schedule: str) -> None:
    project = native(schedule=schedule)
    assert in_project(project, script(project, "m.Model()", RUN)) == scores(project, images(project))


@pytest.mark.parametrize("name", ["vww_96_int8", "kws_dscnn_int8", "ic_resnet8_int8"])
def test_real_models_give_the_bytes_of_the_golden_model(name: str) -> None:
    project = native(model_path(name))
    for way in ("m.Model()", WAYS["bytes"]):
        assert in_project(project, script(project, way, RUN)) == scores(project, images(project))


def test_rows_give_the_scores_of_the_whole_image() -> None:
    project = native()
    body = """
while inputs.readinto(image):
    net.begin()
    rows = [image[i : i + m.ROW_BYTES] for i in range(0, len(image), m.ROW_BYTES)]
    last = [net.push_row(row) for row in rows]
    assert last == [False] * (len(rows) - 1) + [True], last
    kept = digest(net.scores)
    assert net.push_row(rows[0]) and digest(net.scores) == kept  # one too many changes nothing
    print(kept)
"""
    assert in_project(project, script(project, "m.Model()", body)) == scores(project, images(project))


def test_every_tensor_of_a_trace_build_has_the_golden_checksum() -> None:
    project = native(trace=True)
    body = "while inputs.readinto(image):\n    net.run(image)\n    print(net.crcs().hex())"
    golden = [project.computed(run(project.reference, image[None])) for image in images(project)]
    crcs = [b"".join(zlib.crc32(g[t].tobytes()).to_bytes(4, "little") for t in project.traced) for g in golden]
    assert in_project(project, script(project, "m.Model()", body)) == [crc.hex() for crc in crcs]


def test_a_trace_build_shows_the_bytes_of_any_place_of_any_tensor() -> None:
    project = native(trace=True)
    image = images(project)[3]
    golden = project.computed(run(project.reference, image[None]))
    places = [(slot, at) for slot in (0, 4, len(project.traced) - 1) for at in (0, 5, 63, 10**6)]
    body = "[inputs.readinto(image) for _ in range(4)]\n" + "\n".join(
        f"net.capture({slot}, {at}); net.run(image); print(net.captured().hex())" for slot, at in places
    )
    tensors = [golden[project.traced[slot]].tobytes() for slot, _ in places]
    windows = [
        zlib.crc32(t[:at]).to_bytes(4, "little") + t[at : at + 64] for t, (_, at) in zip(tensors, places, strict=True)
    ]
    assert in_project(project, script(project, "m.Model()", body)) == [w.hex() for w in windows]


def test_weights_in_a_read_only_filesystem_are_used_where_they_lie(tmp_path: Path) -> None:
    project = native()
    folder = project.folder / FOLDER
    files = {f"lib/{p.name}": p.read_bytes() for p in folder.glob("digits.[mw]*")}
    (tmp_path / "image").write_bytes(romfs_image({"main.py": b"1", **files}))
    body = """
import gc, sys, vfs
vfs.mount(vfs.VfsRom(open("image", "rb").read()), "/rom")
sys.path.append("/rom/lib")
import digits
gc.collect()
before = gc.mem_alloc()
net = digits.Model()
gc.collect()
print(digits.__file__, gc.mem_alloc() - before < digits.RAM_BYTES + 512)
print(bytes(net.run(bytes(digits.INPUT_BYTES))).hex())
"""
    expected = scores(project, np.zeros((1, 32, 32, 1), np.int8))
    assert python(body, tmp_path) == ["/rom/lib/digits.mpy True", *expected]


@pytest.mark.parametrize(("name", "way"), [("the file beside the module", "m.Model()"), ("bytes", WAYS["bytes"])])
@pytest.mark.parametrize("model", ["digits", "vww_96_int8"])
def test_no_more_of_the_heap_is_used_than_was_promised(model: str, name: str, way: str) -> None:
    """2 KB beside the state: the object, its scores, and what Python itself needs."""
    project = native(MODEL if model == "digits" else model_path(model))
    body = """
del moved
weights = open("{name}.weights", "rb").read()
for i in range(3):
    gc.collect()
    before = gc.mem_alloc()
    net = {way}
    net.run(image)
    net.labels, net.best
    used = gc.mem_alloc() - before  # garbage too
    before = gc.mem_alloc()
    net.run(image)
    print(used - m.RAM_BYTES, gc.mem_alloc() - before)
    net = None
""".format(name=project.manifest["name"], way=way.replace("open('{name}.weights', 'rb').read()", "weights"))
    buffer = project.manifest["buffer_bytes"] if name != "bytes" else 0
    for line in in_project(project, script(project, "None", body)):
        beside, running = map(int, line.split())
        assert 0 < beside - buffer <= 2048
        assert running == 0


def test_models_live_side_by_side_through_collections() -> None:
    """Hundreds of models, most of them dropped, and memory written over where they were."""
    project = native(trace=True)
    given = images(project)
    body = """
pictures = []
while inputs.readinto(image):
    pictures.append(bytes(image))
found, kept = [], []
for i in range(300):
    net = m.Model() if i % 3 else m.Model(open("digits.weights", "rb").read())
    kept = kept[-5:] + [(i, net)]
    gc.collect() if i % 2 else None
    junk = [bytearray(b"\\xff" * (i % 500)) for _ in range(20)]
    for number, one in kept:
        for row in range(0, m.INPUT_BYTES, m.ROW_BYTES):
            one.push_row(memoryview(pictures[number % len(pictures)])[row : row + m.ROW_BYTES])
            gc.collect() if row == 96 * (i % 7) else None
        assert number == i or digest(one.scores) == found[number % len(pictures)], (i, number)
        if number == i and i < len(pictures):
            found.append(digest(one.scores))
        one.begin()
print("\\n".join(found))
"""
    assert in_project(project, script(project, "None", body)) == scores(project, given)


def test_labels_name_the_scores() -> None:
    project = native(labels=LABELS)
    given = images(project)
    body = (
        "while inputs.readinto(image):\n    net.run(image)\n    print(net.best, net.labels[net.best], len(net.labels))"
    )
    best = [np.frombuffer(bytes.fromhex(s), np.int8).argmax() for s in scores(project, given)]
    assert in_project(project, script(project, "m.Model()", body)) == [f"{b} {LABELS[b]} 10" for b in best]


def test_constants_of_the_network_are_attributes() -> None:
    project = native()
    manifest = project.manifest
    body = """
print(net.input_shape, net.input_zero_point, net.output_zero_point, net.ram_bytes, net.model_sha256, net.labels)
print(net.input_scale, net.output_scale)
print(m.INPUT_BYTES, m.ROW_BYTES, m.OUTPUT_BYTES, m.RAM_BYTES, m.CONSTANT_BYTES, m.BUFFER_BYTES, m.TRACED)
print(type(net.scores), net.run(image) is net.scores, hasattr(net, "crcs"))
class Mine(m.Model):
    def twice(self, image): return digest(self.run(image)) == digest(self.run(image))
print(Mine().twice(image))
"""
    first, second, *rest = in_project(project, script(project, "m.Model()", body))
    sha, ram = manifest["model"]["sha256"], manifest["ram_bytes"]
    assert first == f"(32, 32, 1) -128 -128 {ram} {sha} ()"
    assert [float(x) for x in second.split()] == [manifest["input"]["scale"], manifest["output"]["scale"]]
    assert rest[0] == f"1024 32 10 {ram} {manifest['constant_bytes']} {manifest['buffer_bytes']} 0"
    assert rest[1:] == ["<class 'array'> True False", "True"]
