"""A page's playground without a browser: its numbers in node."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.host.report import Playground
from tests.support.places import ROOT

NUMBERS: Final = ROOT / "templates" / "report" / "playground_numbers.js.j2"
BYTES: Final = 'const text = (array) => Buffer.from(array.buffer).toString("base64");'
RUN: Final = """
const asked = JSON.parse(require("fs").readFileSync(0));
(async () => {
  const { instance } = await WebAssembly.instantiate(bytesOf(asked.wasm));
  const run = network(instance.exports, asked.image, asked.scores);
  const images = new Int8Array(bytesOf(asked.images).buffer), scores = [];
  for (let at = 0; at < images.length; at += asked.image) {
    scores.push(...run(images.subarray(at, at + asked.image)));
  }
  const golden = new Int8Array(bytesOf(asked.golden).buffer);
  const differ = bytesThatDiffer(run, golden, asked.inputs, asked.low, asked.high, asked.image);
  const scaled = asked.pictures.map(({ rgba, from, channels, to }) =>
    text(resized(valuesOf(bytesOf(rgba), channels), from[0], from[1], channels, to[0], to[1])));
  console.log(JSON.stringify({ scores: text(Int8Array.from(scores)), differ, scaled }));
})();
"""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """RGBA [H,W,4], and what is to be made of it: channels, and (width, height)."""

    rgba: NDArray[np.uint8]
    channels: int
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """Scores int8 [N, scores], bytes that the page's own check found wrong, pictures uint8 [H,W,channels]."""

    scores: NDArray[np.int8]
    differ: int
    scaled: list[NDArray[np.uint8]]


def runs_here() -> bool:
    """Tell whether there is a node."""
    return shutil.which("node") is not None


def play(playground: Playground, images: NDArray[np.int8], pictures: list[Picture]) -> Played:
    """Run images int8 [N,H,W,C] and scale pictures with the page's own script."""
    size = playground.height * playground.width * playground.channels
    asked = {
        **{key: getattr(playground, key) for key in ("wasm", "golden", "inputs", "low", "high")},
        "image": size,
        "scores": len(playground.scores),
        "images": b64encode(images.tobytes()).decode(),
        "pictures": [
            {
                "rgba": b64encode(p.rgba.tobytes()).decode(),
                "from": p.rgba.shape[1::-1],
                "channels": p.channels,
                "to": p.size,
            }
            for p in pictures
        ],
    }
    program = f"{NUMBERS.read_text()}\n{BYTES}\n{RUN}"
    done = subprocess.run(
        ["node", "-e", program], input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=300
    )
    found = json.loads(done.stdout)
    scaled = [
        np.frombuffer(b64decode(text), np.uint8).reshape(*p.size[::-1], p.channels)
        for text, p in zip(found["scaled"], pictures, strict=True)
    ]
    scores = np.frombuffer(b64decode(found["scores"]), np.int8).reshape(len(images), -1)
    return Played(scores, found["differ"], scaled)
