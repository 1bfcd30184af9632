"""The tables of docs/results/esp32.md."""

from typing import Any, Final

Row = dict[str, Any]
CORES: Final = {"xtensa-lx": "LX6 (ESP32)", "rv32-virt": "RV32IMC (ESP32-C3)"}
HEAD: Final = """# ESP32 and ESP32-C3, counted

Instructions of one inference, output equal to the golden model, on virtual boards: `xtensa-lx` (QEMU's dc233c,
windowed code with MAC16 kernels; what emulates MULSH there is left out) and `rv32-virt`. Neither is a chip: waiting for
the cache in front of an ESP32's flash, for loads and for branches is in no figure. MACs are those that the exact passes
leave (*live*) and those of the model. LX6 code by {compiler}.
Made by `python -m docs.make.esp32`; the same in `esp32.json`. [What was executed](../guide/boards-esp32.md).

"""


def written(data: Row) -> str:
    """The page."""
    parts = [HEAD.format(compiler=data["compiler"]), _models(data["results"]), _prediction(data)]
    return "".join([*parts, _peers(data)])


def _heading(*names: str) -> str:
    return f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"


def _models(rows: list[Row]) -> str:
    text = _heading("core", "model", "live MACs", "instructions", "per live MAC", "per model MAC", "predicted", "off")
    for r in rows:
        each = f"{r['instructions'] / r['macs']:.2f} | {r['instructions'] / r['model_macs']:.2f}"
        off = f"{r['predicted']:,} | {r['predicted'] / r['instructions'] - 1:+.0%}"
        text += f"| {CORES[r['board']]} | {r['model']} | {r['macs']:,} | {r['instructions']:,} | {each} | {off} |\n"
    return text


def _prediction(data: Row) -> str:
    text = "\n## How good the prediction is\n`inspect --core` and `fit` sum up instructions layer by layer, by tables "
    text += "fitted to random networks of one layer\n(`docs/make/calibrate_instructions.py`). The models above were in "
    text += "none of them, nor were these, of one layer each:\n\n"
    text += _heading("core", "networks", "off in the middle", "nine of ten within", "worst")
    for name, e in data["errors"].items():
        sizes = f"{e['middle']:.0%} | {e['nine_of_ten']:.0%} | {e['worst']:.0%} ({e['worst_name']})"
        text += f"| {name} | {e['networks']} | {sizes} |\n"
    return f"{text}\nCopying input rows and following the order of calls are in no layer: small networks take more.\n"


def _peers(data: Row) -> str:
    peer = data["peer"]
    if not peer:
        return ""
    text = "\n## ESP-NN beside it\nESP-NN's generic C, which an ESP32 and an ESP32-C3 run, at commit "
    text += f"{peer['commit'][:11]} ({peer['date']}), compiled by the same\ncompilers with the same flags, on the same "
    text += "boards and inputs; its outputs are exact. It computes all channels of the model,\nour code those that are "
    text += "live: both stand for each MAC that is computed.\n\n"
    text += _heading("core", "model", "layers", "ours", "per MAC", "ESP-NN", "per MAC", "times ours")
    for r in (r for r in data["results"] if r["layers"]):
        theirs = [p for p in peer["layers"] if (p["board"], p["model"]) == (r["board"], r["model"])]
        text += "".join(_line(r, theirs, kind) for kind in dict.fromkeys(p["operator"] for p in theirs if p["macs"]))
        text += _line(r, theirs, "")
    return text


def _line(ours: Row, theirs: list[Row], kind: str) -> str:
    """Layers of a kind, the first convolution apart; all where no kind is given."""
    cells = []
    for rows in (ours["layers"], theirs):
        found = [r for r in rows if r["operator"] == kind] if kind else rows
        spent = ours["instructions"] if not kind and rows is ours["layers"] else sum(r["instructions"] for r in found)
        cells.append((spent, sum(r["macs"] for r in found)))
    (mine, macs), (its, its_macs) = cells
    numbers = f"{mine:,} | {mine / macs:.2f} | {its:,} | {its / its_macs:.2f} | {its / mine:.1f}"
    return f"| {CORES[ours['board']]} | {ours['model']} | {kind or '**all**'} | {numbers} |\n"
