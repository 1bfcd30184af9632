"""Hostile lines: a damaged frame is never taken for one that was sent, by the host nor by the firmware."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.host.link.frames import frame, unframe
from tests.support.places import SUPPORT
from tests.support.projects import built

from .damage import damaged

MOST_PAYLOAD: Final = 252
SANITIZE: Final = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


@dataclass(frozen=True, slots=True)
class Heard:
    """Frames on a line, how many of them were taken, and how many of those were not what was sent."""

    frames: int
    taken: int
    wrong: int


def heard_by_host(frames: int, seed: int) -> Heard:
    """What the host takes of damaged frames."""
    rng = np.random.default_rng(seed)
    taken = wrong = 0
    for number in range(frames):
        payload = rng.bytes(int(rng.integers(2, MOST_PAYLOAD + 1)))
        line = damaged(frame(payload), (seed << 32) + number)
        for part in line.split(b"\0"):
            found = unframe(part)
            taken += found is not None
            wrong += found is not None and found != payload
    return Heard(frames, taken, wrong)


def heard_by_firmware(frames: int, seed: int, folder: Path) -> Heard:
    """What the firmware takes of damaged requests, run on this machine under both sanitizers."""
    project = built("host").folder
    sources = [p for p in (*(project / "app").glob("*.c"), *(project / "network").glob("*.c")) if p.name != "main.c"]
    program = folder / "hostile_line"
    include = [f"-I{project / name}" for name in ("app", "network")]
    command = ["gcc", "-std=c99", "-O1", "-g", *SANITIZE, "-Wl,--wrap=dw_session_answer", *include]
    line = SUPPORT / "torture" / "hostile_line.c"
    subprocess.run([*command, str(line), *map(str, sources), "-o", str(program)], check=True, capture_output=True)
    done = subprocess.run([str(program), str(frames), str(seed)], check=False, capture_output=True, text=True)
    if done.returncode not in {0, 1} or not done.stdout:
        raise AssertionError(f"the firmware failed on its line: {done.stderr[-2000:]}")
    return Heard(*map(int, done.stdout.split()))
