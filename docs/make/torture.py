"""Volume, for long: `python -m docs.make.torture [KIND …] [--share F]` writes docs/results/torture.md.

Seeded and resumable: what has been done is kept in docs/results/torture.json after every batch, and a run goes on from
there. `--share 0.01` does a hundredth of everything anew, and writes nothing.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from depthwise.codegen.project.whole_file import write_all_whole
from docs.make.pages import RESULTS
from tests.support.torture import archives, folders, lines, models, networks
from tests.support.torture.soak import soak
from tests.support.torture.tally import Tally

PAGE: Final = RESULTS / "torture.md"
STATE: Final = RESULTS / "torture.json"
HEAD: Final = """# Volume
Made by `make torture` (`docs/make/torture.py`): seeded, so every case can be had again; resumable. A short sample of
each row runs in CI (`tests/compiled/test_torture.py`). *Taken*: read as a sound file, or a frame that arrived whole.
*Refused*: by one error that names the thing. *Faults*: anything else, a traceback, a wrong byte, a frame taken for what
was not sent, more than 20 s of processor time or 4 GiB of memory for one case.

| what | cases | taken | refused | faults |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of torture: what it is, how many cases of it, how many at a time, and a batch of them from a seed on."""

    about: str
    cases: int
    batch: int
    run: Callable[[int, int, Path], Tally]


def _files(case: Callable[[int, Path], object]) -> Callable[[int, int, Path], Tally]:
    def batch(first: int, count: int, folder: Path) -> Tally:
        tally = Tally()
        for seed in range(first, first + count):
            tally.count(seed, lambda seed=seed: case(seed, folder))  # type: ignore[misc]
        return tally

    return batch


def _heard(found: lines.Heard, first: int) -> Tally:
    tally = Tally(found.frames, found.taken, found.frames - found.taken)
    if found.wrong:
        tally.faults[first] = f"{found.wrong} frames taken for what was not sent"
    return tally


def _networks(first: int, count: int, folder: Path) -> Tally:
    tally = Tally()
    for seed in range(first, first + count, networks.BATCH):
        try:
            tally.done += networks.equal_networks(seed, folder)[0]
        except AssertionError as error:
            tally.faults[seed] = str(error)[-1500:]
    tally.taken = tally.done
    return tally


def _soak(first: int, count: int, _folder: Path) -> Tally:
    wrong = soak(count, first)
    return Tally(count, count - wrong, 0, {first: f"{wrong} wrong answers"} if wrong else {})


KINDS: Final = {
    "tflite": Kind("damaged `.tflite` files", 100_000, 2000, _files(lambda seed, _: models.try_model(seed))),
    "keras": Kind("damaged `.keras` archives", 10_000, 200, _files(lambda seed, _: archives.try_archive(seed))),
    "manifest": Kind("damaged manifests", 10_000, 500, _files(folders.try_manifest)),
    "array": Kind("damaged `.npy` files", 10_000, 1000, _files(folders.try_array)),
    "picture": Kind("damaged pictures of 9 formats", 10_000, 1000, _files(folders.try_picture)),
    "host": Kind(
        "frames from a hostile board to the host",
        1_000_000,
        20_000,
        lambda first, count, _: _heard(lines.heard_by_host(count, first), first),
    ),
    "firmware": Kind(
        "frames from a hostile host to the firmware, under ASan and UBSan",
        1_000_000,
        100_000,
        lambda first, count, folder: _heard(lines.heard_by_firmware(count, first, folder), first),
    ),
    "networks": Kind("random networks: tflite-micro, golden model and C, every tensor", 10_000, 100, _networks),
    "soak": Kind("inferences on one virtual board", 2000, 2000, _soak),
}


def main() -> None:
    """Run what is left of each kind, a batch at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(KINDS)}; all of them if none is named")
    parser.add_argument("--share", type=float, help="do a share of everything anew, and write nothing")
    given = parser.parse_args()
    unknown = sorted(set(given.kinds) - KINDS.keys())
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; the kinds are {', '.join(KINDS)}")
    kinds = given.kinds or list(KINDS)
    kept: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() and given.share is None else {}
    with Progress() as progress, tempfile.TemporaryDirectory() as folder:
        for name in kinds:
            _run(name, kept, Path(folder), progress, given.share)
    faults = sum(len(kept[name]["faults"]) for name in kinds)
    print(f"{faults} faults")  # noqa: T201
    raise SystemExit(faults > 0)


def _run(name: str, kept: dict[str, Any], folder: Path, progress: Progress, share: float | None) -> None:
    kind = KINDS[name]
    cases = kind.cases if share is None else max(kind.batch // 10, int(kind.cases * share))
    state = kept.setdefault(name, {"done": 0, "taken": 0, "refused": 0, "faults": {}})
    task = progress.add_task(kind.about, total=cases, completed=state["done"])
    while state["done"] < cases:
        tally = kind.run(state["done"], min(kind.batch, cases - state["done"]), folder)
        state["done"] += tally.done
        state["taken"] += tally.taken
        state["refused"] += tally.refused
        state["faults"] |= {str(seed): seen for seed, seen in tally.faults.items()}
        progress.update(task, completed=state["done"])
        if share is None:
            write_all_whole({STATE: f"{json.dumps(kept, indent=1)}\n".encode(), PAGE: page(kept).encode()})


def page(kept: dict[str, Any]) -> str:
    """The page of what has been done."""
    rows = []
    for name, kind in KINDS.items():
        state = kept.get(name, {"done": 0, "taken": 0, "refused": 0, "faults": {}})
        numbers = (state["done"], state["taken"], state["refused"], len(state["faults"]))
        rows.append(f"| {kind.about} | {' | '.join(f'{n:,}' for n in numbers)} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    main()
