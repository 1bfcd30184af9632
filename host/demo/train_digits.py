"""Train the bundled digits network anew: `python -m depthwise.host.demo.train_digits --out FOLDER`.

Writes digits.tflite, digits_test.npz (a few labelled test pictures as int8 model inputs) and digits.json,
the model card with what was measured. Needs the `train` extra (TensorFlow, scikit-learn); about a minute
on two cores. The seed decides the split, the first weights and every variation of a picture.
"""

import argparse
import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import sklearn
import tensorflow as tf
from numpy.typing import NDArray

from depthwise.host.demo import CARD, MODEL, PICTURES

from .digit_pictures import DigitSplit, Floats, Labels, Scans, enlarge, load_split
from .measured import Measured
from .mobilenet import BATCH, DIGITS, Keras, build, convert, macs, parameters, train

Interpreter = Any  # TensorFlow carries no types

BUNDLED_OF_EACH: Final = 2
DATA: Final = {
    "name": "Optical Recognition of Handwritten Digits, test part (sklearn.datasets.load_digits)",
    "creators": "E. Alpaydin, C. Kaynak",
    "source": "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    "doi": "10.24432/C50P49",
    "licence": "CC-BY-4.0",
    "changes": "enlarged from 8x8 to 32x32 grey levels 0...255 (bilinear, black beyond the border)",
    "limits": "the same 13 people wrote the training and the test scans: expect less on the hands of others",
}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the bundled digits network.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    make(arguments.out, arguments.seed, arguments.epochs)


def make(out: Path, seed: int, epochs: int) -> None:
    """Train, convert, measure, and write the three files to `out`."""
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    split = load_split(seed)
    model = build()
    for epoch, loss in enumerate(train(model, split.training, epochs, seed), 1):
        sys.stdout.write(f"epoch {epoch}/{epochs}: loss {loss:.4f}\n")
    content = convert(model, split.training)
    images, labels = _bundle(content, split.test)
    measured = _measure(model, content, split)
    measured["bundled_int8"] = _measured(_classify(content, images), labels).card()
    card = {
        "model": _describe(model, content),
        "training": {"command": _command(seed, epochs), "seed": seed, "epochs": epochs, "batch": BATCH},
        "versions": _versions(),
        "split": _sizes(split),
        "measured": measured,
        "data": DATA,
    }
    (out / MODEL.name).write_bytes(content)
    np.savez_compressed(out / PICTURES.name, images=images, labels=labels)
    (out / CARD.name).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(measured, indent=2) + "\n")


def _measure(model: Keras, content: bytes, split: DigitSplit) -> dict[str, dict[str, float]]:
    """Float and int8 accuracy, int8 by TensorFlow Lite's reference kernels."""
    measured = {}
    for part, scans in (("validation", split.validation), ("test", split.test)):
        pictures = enlarge(scans.ink)
        by_float = model.predict(pictures, verbose=0).argmax(axis=1)
        by_int8 = _classify(content, _quantize(content, pictures))
        measured[f"{part}_float"] = _measured(by_float, scans.labels).card()
        measured[f"{part}_int8"] = _measured(by_int8, scans.labels).card()
    return measured


def _measured(predicted: Labels, labels: Labels) -> Measured:
    return Measured(int(np.sum(predicted == labels)), len(labels))


def _bundle(content: bytes, test: Scans) -> tuple[NDArray[np.int8], Labels]:
    """The first test pictures of each digit, as model inputs, in the order of the digits."""
    chosen = np.concatenate([np.flatnonzero(test.labels == d)[:BUNDLED_OF_EACH] for d in range(DIGITS)])
    return _quantize(content, enlarge(test.ink[chosen])), test.labels[chosen]


def _interpreter(content: bytes) -> Interpreter:
    reference = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=reference)
    interpreter.allocate_tensors()
    return interpreter


def _quantize(content: bytes, pictures: Floats) -> NDArray[np.int8]:
    scale, zero_point = _interpreter(content).get_input_details()[0]["quantization"]
    levels: Floats = np.clip(np.round(pictures / scale) + zero_point, -128, 127)
    return levels.astype(np.int8)


def _classify(content: bytes, images: NDArray[np.int8]) -> Labels:
    """The digit [N] that the int8 model sees in each image [N,32,32,1]; the lowest if two score alike."""
    interpreter = _interpreter(content)
    (entry,), (end,) = interpreter.get_input_details(), interpreter.get_output_details()
    seen = []
    for image in images:
        interpreter.set_tensor(entry["index"], image[None])
        interpreter.invoke()
        seen.append(int(interpreter.get_tensor(end["index"]).argmax()))
    return np.array(seen, dtype=np.int64)


def _describe(model: Keras, content: bytes) -> Mapping[str, int | str]:
    return {
        "file": MODEL.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "parameters": parameters(model),
        "macs": macs(model),
    }


def _sizes(split: DigitSplit) -> Mapping[str, int | str]:
    return {
        "training": len(split.training.labels),
        "validation": len(split.validation.labels),
        "test": len(split.test.labels),
        "how": "random, each digit with the same share in every part",
    }


def _versions() -> Mapping[str, str]:
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": tf.keras.__version__,
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }


def _command(seed: int, epochs: int) -> str:
    return f"python -m depthwise.host.demo.train_digits --seed {seed} --epochs {epochs}"


if __name__ == "__main__":
    main()
