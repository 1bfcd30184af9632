"""Runs LiteRT in a process of its own, for litert.py: a crash of the interpreter is not one of the caller.

`python -m depthwise.host.verify.desktop.litert_worker FOLDER RESOLVER` reads `model.tflite`, `images.npy` [N, …] and
`tensors.npy` (indices) of the folder and writes `found.npz`: a tensor [N, …] of each index that LiteRT shows, by its
number;
`output`, by an interpreter that does not keep all tensors, and `kept`, by the one that does.
"""

import sys
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np

ABSENT: Final = 3


def main(folder: Path, resolver: str) -> int:
    """Run all images; the exit code is ABSENT if LiteRT is not installed."""
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
    for image in np.load(folder / "images.npy"):
        shown = {"kept": _run(keeping, image), "output": _run(plain, image)}
        shown |= {str(t): value for t in tensors if (value := _value(keeping, t)) is not None}
        for name, value in shown.items():
            found.setdefault(name, []).append(value)
    stacked: dict[str, Any] = {name: np.concatenate(values) for name, values in found.items()}
    np.savez(folder / "found.npz", **stacked)
    return 0


def _run(interpreter: Any, image: Any) -> Any:
    """The network's output for one image."""
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
    interpreter.invoke()
    return np.array(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))


def _value(interpreter: Any, tensor: int) -> Any:
    """Value of an activation [1, …]; None if a delegate has kept it to itself."""
    try:
        value = np.array(interpreter.get_tensor(tensor))
    except ValueError:
        return None
    return value if value.shape[:1] == (1,) else None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
