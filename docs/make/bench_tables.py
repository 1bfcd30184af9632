"""The tables of docs/results/benchmarks.md."""

from typing import Any, Final

from . import cmsis_nn_tables
from .peer_figures import DEAD_CHANNELS, PUBLISHED, UNALIGNED, WHOLE

Row = dict[str, Any]

NAMES: Final = {"vww": "vww_96_int8", "kws": "kws_dscnn_int8", "ic": "ic_resnet8_int8", "ad": "ad01_int8"}
HEAD: Final = """# Benchmarks

One inference each, output equal to the golden model, on QEMU. Instructions are executed ones. Cycles are modelled
(Cortex-M4 Technical Reference Manual, zero flash wait states): good for ratios, not for wall time. What unaligned loads
and stores take besides is counted, for ours and for CMSIS-NN: a word at an odd address two cycles, others one. RAM is
the library's static block, input rows included; stack is the whole firmware's high-water mark; flash is the library's
code and constants. MACs are those that the exact passes leave (*live*) and those of the model. Made by `make bench`;
the same in `benchmarks.json`, with every layer.

"""
WHOLE_HEAD: Final = """
Interpreter, its CMSIS-NN and all, `-O2`, measured in the same way but without unaligned accesses. Its flash is the
linked firmware's, ours the library's; what our RAM is beside its arena, `memory.md` says.

"""
PUBLISHED_TAIL: Final = """
With its flash: 5 wait states and the caches of that chip, as `flash.md` models them, from code that is made for it. The
others were measured on the board, ours was not: no board was there.
"""


def written(data: Row) -> str:
    """The page."""
    rows, tools = data["results"], "; ".join(data["conditions"].values())
    m4 = [r for r in rows if r["core"] == "cortex-m4"]
    others = [r for r in rows if r["core"] != "cortex-m4"]
    peers = _peers(m4, data) + cmsis_nn_tables.models(m4, data["layers"], data["cmsis_nn"])
    parts = [HEAD, f"Tools: {tools}.\n\n", _m4(m4), peers, _published(m4, data["waiting"]), _others(others)]
    parts.insert(-2, _whole(m4, data["without_passes"]))
    parts.append(cmsis_nn_tables.others(others, data["cmsis_nn"]))
    return "".join(parts) + _layers(data["layers"]) + _prediction(data["layers"])


def _heading(*names: str) -> str:
    """Head of a table."""
    return f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"


def _m4(rows: list[Row]) -> str:
    names = ("model", "live MACs", "instructions", "cycles", "per live MAC", "per model MAC", "RAM", "stack", "flash")
    text = f"## Cortex-M4\n{_heading(*names)}"
    for r in rows:
        per = (r["cycles"] / r["macs"], r["cycles"] / r["model_macs"])
        counts = f"{r['macs']:,} | {r['instructions']:,} | {r['cycles']:,} | {per[0]:.2f} | {per[1]:.2f}"
        text += f"| {r['model']} | {counts} | {_sizes(r)} |\n"
    return f"{text}\nFlags: `{rows[0]['flags']}` and the core's, set by the project's Makefile.\n"


def _sizes(r: Row) -> str:
    return " | ".join(f"{r[key]:,}" for key in ("ram_bytes", "stack_bytes", "flash_bytes"))


def _peers(m4: list[Row], data: Row) -> str:
    names = ("engine", "instructions", "cycles", "times ours", "output")
    text = f"\n## Peers on the same model of cycles: vww_96_int8\n{_heading(*names)}"
    ours = next((r for r in m4 if r["model"] == NAMES["vww"]), None)
    if ours is None:
        return ""
    text += f"| **depthwise** | {ours['instructions'] / 1e6:.2f}M | {ours['cycles'] / 1e6:.2f}M | 1.0 | exact |\n"
    for peer in data["peers"]:
        counts = " | ".join(_millions(peer.get(unit)) for unit in ("instructions", "cycles"))
        unit = "cycles" if "cycles" in peer else "instructions"
        text += f"| {peer['engine']} | {counts} | {peer[unit] / ours[unit]:.1f} | {peer['output']} |\n"
    return text + UNALIGNED + DEAD_CHANNELS.format(cycles=_millions(data["cmsis_nn"]["models"][NAMES["vww"]]["cycles"]))


def _millions(count: float | None) -> str:
    return "" if count is None else f"{count / 1e6:.2f}M"


def _whole(m4: list[Row], without_passes: int) -> str:
    names = (
        "model",
        "depthwise",
        "TensorFlow Lite Micro",
        "times ours",
        "our RAM",
        "its arena",
        "our flash",
        "its flash",
    )
    text = f"\n## TensorFlow Lite Micro, August 2026, whole\n{WHOLE_HEAD}{_heading(*names)}"
    for r in (r for r in m4 if r["model"] in WHOLE):
        cycles, arena, flash = WHOLE[r["model"]]
        sizes = f"{r['ram_bytes']:,} | {_known(arena)} | {r['flash_bytes']:,} | {_known(flash)}"
        counts = f"{r['cycles']:,} | {cycles:,} | {cycles / r['cycles']:.1f}"
        text += f"| {r['model']} | {counts} | {sizes} |\n"
    return f"{text}\nWithout the exact passes (`export --no-passes`) {NAMES['vww']} takes {without_passes:,} cycles.\n"


def _known(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


def _published(m4: list[Row], waiting: dict[str, int]) -> str:
    text = "\n## Published: MLPerf Tiny on the STM32L4R5, cycles per MAC of the model\n"
    text += _heading("system", "VWW", "KWS", "IC", "AD")
    macs = {r["model"]: r["model_macs"] for r in m4}
    free = {r["model"]: r["cycles"] for r in m4}
    for cycles, what in ((free, "modelled, zero wait states"), (waiting, "modelled, with its flash")):
        cells = (f"{cycles[n] / macs[n]:.2f}" if n in cycles and n in macs else "" for n in NAMES.values())
        text += f"| **depthwise**, {what} | {' | '.join(cells)} |\n"
    for row in PUBLISHED:
        text += f"| {row['system']} | {' | '.join(str(row.get(key, '')) for key in NAMES)} |\n"
    return text + PUBLISHED_TAIL


def _others(rows: list[Row]) -> str:
    names = ("core", "model", "instructions", "per live MAC", "RAM", "stack", "flash")
    text = f"\n## Other cores\n{_heading(*names)}"
    for r in rows:
        counts = f"{r['instructions']:,} | {r['instructions'] / r['macs']:.2f}"
        text += f"| {r['core']} | {r['model']} | {counts} | {_sizes(r)} |\n"
    flags = sorted({f"{r['core']}: `{r['flags']}`" for r in rows})
    return f"{text}\nFlags: {', '.join(flags)}.\n"


def _layers(layers: dict[str, list[Row]]) -> str:
    names = ("layer", "operator", "kernel", "live MACs", "cycles", "per MAC", "predicted", "off")
    text = "\n## Where the cycles go: Cortex-M4, layer by layer\n"
    for model, rows in layers.items():
        text += f"\n### {model}\n{_heading(*names)}" + "".join(map(_layer, rows))
    return text


def _layer(r: Row) -> str:
    per = f"{r['cycles'] / r['macs']:.2f}" if r["macs"] else ""
    off = f"{r['predicted'] / r['cycles'] - 1:+.0%}"
    counts = f"{r['macs']:,} | {r['cycles']:,} | {per} | {r['predicted']:,} | {off}"
    return f"| {r['layer']} | {r['operator']} | {r['kernel']} | {counts} |\n"


def _prediction(layers: dict[str, list[Row]]) -> str:
    text = "\n## How good the prediction is\nFor layers that take 1 % of their network or more.\n\n"
    text += _heading("model", "layers", "worst layer", "network")
    for name, rows in layers.items():
        total = sum(r["cycles"] for r in rows)
        large = [r for r in rows if r["cycles"] >= total / 100]
        worst = max((r["predicted"] / r["cycles"] - 1 for r in large), key=abs)
        whole = sum(r["predicted"] for r in rows) / total - 1
        text += f"| {name} | {len(large)} | {worst:+.1%} | {whole:+.1%} |\n"
    return text
