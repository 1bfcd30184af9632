"""Runs LiteRT in a process of its own, for litert.py: a crash of the interpreter is not one of the caller.

`python litert_worker.py FOLDER RESOLVER` imports nothing of the package. It reads `model.tflite`, `input0.npy` [N, …]
and so on, and `tensors.npy` (indices) of the folder. It writes `found.npz`: a tensor [N, …] of each index that LiteRT
shows, by its number; `output 0` and so on, by an interpreter that does not keep all tensors, and `kept 0`, by the one
that does.
"""

import sys
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np

ABSENT: Final = 3


def main(folder: Path, resolver: str) -> int:
    """Run all inputs; the exit code is ABSENT if LiteRT is not installed."""
    try:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType  # noqa: PLC0415 - optional
    except ImportError:
        return ABSENT
    warnings.simplefilter("ignore")
    keeping, plain = (
        Interpreter(
            model_path=str(folder / "model.tflite"),
            experimental_op_resolver_type=OpResolverType[resolver],
            experimental_preserve_all_tensors=keep,
            num_threads=1,
        )
        for keep in (True, False)
    )
    found: dict[str, list[Any]] = {}
    tensors = np.load(folder / "tensors.npy").tolist()
    for interpreter in (keeping, plain):
        interpreter.allocate_tensors()
    count = len(keeping.get_input_details())
    given = [np.load(folder / f"input{number}.npy") for number in range(count)]
    for values in zip(*given, strict=True):
        shown = {**_run(keeping, values, "kept"), **_run(plain, values, "output")}
        shown |= {str(t): value for t in tensors if (value := _value(keeping, t)) is not None}
        for name, value in shown.items():
            found.setdefault(name, []).append(value)
    stacked: dict[str, Any] = {name: np.concatenate(values) for name, values in found.items()}
    np.savez(folder / "found.npz", **stacked)
    return 0


def _run(interpreter: Any, values: tuple[Any, ...], what: str) -> dict[str, Any]:
    """The network's outputs for its inputs, by what they are called and their number."""
    for about, value in zip(interpreter.get_input_details(), values, strict=True):
        interpreter.set_tensor(about["index"], _raised(value[None], about["dtype"]))
    interpreter.invoke()
    outputs = (np.array(interpreter.get_tensor(about["index"])) for about in interpreter.get_output_details())
    return {f"{what} {number}": output for number, output in enumerate(outputs)}


def _raised(value: Any, dtype: Any) -> Any:
    """int8 values for a tensor of uint8: networks of uint8 are read as int8, 128 less."""
    shifted = value.dtype == np.int8 and dtype == np.uint8
    return (value.astype(np.int16) + 128).astype(np.uint8) if shifted else value


def _value(interpreter: Any, tensor: int) -> Any:
    """Value of an activation [1, …]; None if a delegate has kept it to itself."""
    try:
        value = np.array(interpreter.get_tensor(tensor))
    except ValueError:
        return None
    return value if value.shape[:1] == (1,) else None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
