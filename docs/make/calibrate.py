"""Fits the cycles of events (codegen/kernels/*/cycles.py) to measured layers and prints them.

`python -m docs.make.calibrate`. Layers of the real models and of generated separable networks, each counted on the
virtual Cortex-M4. The fit minimizes relative errors, with no event below zero, and stays
near the table as it is where samples do not tell.
"""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console
from rich.progress import track

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.cycles import CALLS, COUNTED_CYCLE
from depthwise.codegen.kernels.kernel import Events
from depthwise.codegen.kernels.predict import events
from depthwise.codegen.kernels.weight_storage import ALWAYS, BALANCED, NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.cores import core
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import open_project
from tests.support.dead_networks import dead_network
from tests.support.dsp_networks import separable_chain
from tests.support.models import FOLDER
from tests.support.networks import random_network

from .bench import unhindered
from .counting import compile_plugin
from .layers import layer_counts

M4: Final = core("cortex-m4")
COUNTED: Final = ("inner", COUNTED_CYCLE)
ROUNDS: Final = 20_000
LARGE: Final = 50_000  # cycles of a layer from which on its relative error counts fully
KNOWN_WEIGHT: Final = 0.01  # of being off by all of what is known of an event, beside a large layer that is
Sample = tuple[Events, int]


@dataclass(frozen=True, slots=True)
class Generated:
    """Generated networks: channels of separable ones, seeds of random ones and of some with dead channels."""

    widths: tuple[int, ...]
    random: range
    dead: range


FITTED: Final = Generated((6, 9, 13, 16), range(100, 132), range(200, 224))
UNSEEN: Final = Generated((7, 11, 14), range(300, 320), range(320, 340))


def main() -> None:
    """Count, fit, print."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        assert plugin is not None, "set DEPTHWISE_M4CYCLES"
        samples: list[Sample] = []
        for at, (model, int16_from) in enumerate(
            track(models(Path(scratch)), "counting", console=Console(stderr=True))
        ):
            with suppress(UnsupportedError):  # a generated network may have nothing left to compute
                found = counted(model, plugin, Path(scratch) / f"p{at}", int16_from)
                samples += [(events(chosen), cycles) for chosen, cycles in found]
    tables = {"": CALLS, **{family.name: family.cycles for family in M4.families}}
    known = {event: each for table in tables.values() for event, each in table.items()}
    cycles = fitted(samples, known)
    for name, table in {**tables, "new": cycles.keys() - known.keys()}.items():
        print(f"kernels/{name}/cycles.py")  # noqa: T201 - to be pasted there
        for event in sorted(cycles.keys() & set(table)):
            print(f'    "{event}": {cycles[event]:.1f},')  # noqa: T201


def models(scratch: Path) -> list[tuple[Path, int]]:
    """Model files, and from how many uses on their weights are stored as int16."""
    found = [(m, BALANCED) for m in [MODEL, *sorted(FOLDER.glob("*_int8.tflite"))]]
    found += [(FOLDER / "vww_96_int8.tflite", NEVER)]
    return found + generated(scratch, FITTED)


def generated(scratch: Path, which: Generated) -> list[tuple[Path, int]]:
    """The same of generated networks."""
    graphs = [separable_chain(width, kind) for width in which.widths for kind in (Activation.RELU, Activation.NONE)]
    graphs += [random_network(seed) for seed in which.random]
    graphs += [dead_network(seed) for seed in which.dead]
    found = [(scratch / f"generated{at}.tflite", ALWAYS) for at in range(len(graphs))]
    for (path, _), graph in zip(found, graphs, strict=True):
        path.write_bytes(write_model(graph))
    return found


def counted(model: Path, plugin: Path, folder: Path, int16_from: int) -> list[tuple[Chosen, int]]:
    """What computes each layer of a model, and its cycles."""
    export(model, folder, ExportOptions(board=unhindered("netduinoplus2"), trace=True, int16_from=int16_from))
    project = open_project(folder)
    build(project)
    counts = layer_counts(project, plugin)
    graph = project.graph
    kernels = choose_kernels(graph, M4.families, int16_from)
    return [(kernels.of(n), counts[n.layer].cycles) for n in graph.nodes if n.layer in counts]


def fitted(samples: list[Sample], known: Mapping[str, float] | None = None) -> dict[str, float]:
    """Least squares of relative errors, by projected gradient; what was counted in cycles takes one.

    Events that only happen together cannot be told apart: each is drawn to what is `known` of it, if anything is.
    """
    names = sorted({event for found, _ in samples for event in found} - {*COUNTED})
    cycles = np.array([c for _, c in samples], float)
    rest = cycles - np.array([sum(found.get(event, 0.0) for event in COUNTED) for found, _ in samples])
    weights = np.minimum(cycles / LARGE, 1) ** 0.5 / cycles
    matrix = np.array([[found.get(name, 0.0) for name in names] for found, _ in samples]) * weights[:, None]
    drawn = np.array([(KNOWN_WEIGHT**0.5 / known[name] if known and name in known else 0.0) for name in names])
    matrix = np.vstack([matrix, np.diag(drawn)])
    target = np.concatenate([rest * weights, np.where(drawn > 0, KNOWN_WEIGHT**0.5, 0)])
    scale = np.sqrt((matrix**2).sum(axis=0))
    matrix /= scale
    found = np.zeros(len(names))
    step = 1 / np.linalg.norm(matrix, 2) ** 2
    for _ in range(ROUNDS):
        found = np.maximum(found - step * matrix.T @ (matrix @ found - target), 0)
    return {**dict.fromkeys(COUNTED, 1.0), **dict(zip(names, (found / scale).tolist(), strict=True))}


if __name__ == "__main__":
    main()
