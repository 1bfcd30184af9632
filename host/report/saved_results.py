"""Results that commands have saved: lines of `verify --save` and `bench --save`, and the report of `quantize`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError

SAVED: Final = "it is written by `depthwise verify --save FILE` or `depthwise bench --save FILE`"
QUANTIZED: Final = "it is written by `depthwise quantize --report FILE`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved result as the page shows it; times in milliseconds, None where they were not known.

    `layers` have `layer`, `operator` and `ticks`, none where layers were not counted.
    """

    time: str
    what: str
    board: str
    outcome: str
    inputs: int | None
    ticks: int | None
    clock: str
    milliseconds: float | None
    layers: tuple[Mapping[str, Any], ...]


def read_saved(path: Path) -> tuple[Saved, ...]:
    """Results of a file, oldest first. Raises InputError for a file of something else."""
    found = list[Saved]()
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            document = json.loads(line)
            found += _of_line(document)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}, line {number} is no saved result: {error or type(error).__name__}", SAVED
            ) from None
    if not found:
        raise InputError(f"{path} holds no saved result", SAVED)
    return tuple(found)


def read_quantization(path: Path) -> Mapping[str, Any]:
    """What `quantize` found: `layers` with `layer`, `operator` and `sqnr_db`, `culprit`, `agreement`.

    Raises InputError for a file of something else.
    """
    try:
        found = json.loads(_text(path))
        layers = [
            {"layer": int(row["layer"]), "operator": _plain(row["operator"]), "sqnr_db": float(row["sqnr_db"])}
            for row in found["layers"]
        ]
        culprit = None if found["culprit"] is None else int(found["culprit"]["layer"])
        numbers = {"agreement": float(found["agreement"]), "inputs": int(found["inputs"])}
        words = {"measured_on": str(found["measured_on"]), "collapsed": bool(found["collapsed"])}
        return {**numbers, **words, "layers": layers, "culprit": culprit, "classes": bool(found["classes"])}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no report of a quantization: {error or type(error).__name__}", QUANTIZED) from None


def _plain(value: Any) -> str:
    """What a picture can show of a text."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in str(value))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {error}", "give the file that the command wrote") from None


def _of_line(document: Any) -> Iterator[Saved]:
    result, time = document["result"], str(document["time"])
    for one in result if isinstance(result, list) else [result]:
        if "runs" in one:
            yield _of_bench(one, time)
        else:
            yield _of_verify(one, time)


def _of_verify(one: Mapping[str, Any], time: str) -> Saved:
    word = {True: "equal", False: "different", None: "failed"}[one["equal"]]
    answered = one["equal"] is not None
    return Saved(
        time=time,
        what="verify",
        board=str(one["board" if answered else "port"]),
        outcome=word,
        inputs=int(one["inputs"]) if answered else None,
        ticks=int(one["ticks"]) if answered else None,
        clock=str(one["clock"]) if answered else "",
        milliseconds=_number(one["milliseconds"]) if answered else None,
        layers=tuple(
            {"layer": int(row["layer"]), "operator": str(row["operator"]), "ticks": int(row["ticks"])}
            for row in one.get("layers", ())
        ),
    )


def _of_bench(one: Mapping[str, Any], time: str) -> Saved:
    return Saved(
        time=time,
        what="bench",
        board=str(one["board"]),
        outcome="equal" if one["wrong"] == 0 else "different",
        inputs=int(one["runs"]),
        ticks=int(one["median"]),
        clock=str(one["clock"]),
        milliseconds=_number(one["median_milliseconds"]),
        layers=(),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
