"""Makes the bundled network of digits, its card and its test pictures: what `depthwise train --digits` writes.

`python -m docs.make.bundled_digits` (needs the `train` extra; a minute or two on two cores). The card gets the source
of the scans, as their licence asks, and how many of the bundled pictures the network reads right. The same machine
makes the same bytes; another processor or TensorFlow can round otherwise in training.
"""

import json
from typing import Any, Final

import numpy as np

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.host.demo import CARD, MODEL, PICTURES, load_trained
from depthwise.host.demo.measured import Measured
from tests.support.commands import call

MADE_BY: Final = "depthwise train --digits"
SOURCE: Final = {
    "name": "Optical Recognition of Handwritten Digits, test part (sklearn.datasets.load_digits)",
    "creators": "E. Alpaydin, C. Kaynak",
    "source": "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    "doi": "10.24432/C50P49",
    "licence": "CC-BY-4.0",
    "changes": "enlarged from 8x8 to 32x32 grey levels 0...255 (bilinear, black beyond the border)",
    "limits": "13 people wrote all scans; 3 of their 14 forms are for testing, 1 for validation",
}


def main() -> None:
    """Train in a scratch folder, and put the files where the package has them."""
    with scratch_folder("digits") as folder:
        model = folder / MODEL.name
        call("train", "--digits", "-o", model)
        card: dict[str, Any] = json.loads((folder / CARD.name).read_text())
        shown = load_trained(model)
        graph = read_model(model)
        scores = run(graph, shown.images)[graph.outputs[0]]
        right = int(np.sum(scores.reshape(len(shown.labels), -1).argmax(axis=1) == shown.labels))
        card["measured"]["bundled_int8"] = Measured(right, len(shown.labels)).card()
        CARD.write_text(json.dumps({"made_by": MADE_BY, **card, "source": SOURCE}, indent=2) + "\n")
        MODEL.write_bytes(model.read_bytes())
        PICTURES.write_bytes((folder / PICTURES.name).read_bytes())


if __name__ == "__main__":
    main()
