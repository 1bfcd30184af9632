"""Networks quantized for tests."""

from typing import Final

from depthwise.codegen.graph import Array
from depthwise.codegen.quantize.calibrate import Batches

REAL: Final = ("vww_96", "ic_resnet8", "kws_dscnn")


def in_batches(values: Array, size: int = 8) -> Batches:
    return lambda: (values[i : i + size] for i in range(0, len(values), size))
