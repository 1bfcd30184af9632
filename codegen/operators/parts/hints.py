"""What errors tell the user to do next."""

from typing import Final

CONVERT: Final = "convert the model with full integer (int8) quantization"
QUANTIZE_FIRST: Final = "quantize it first: depthwise quantize MODEL -o MODEL_int8.tflite --data FOLDER"
NOT_16_BIT: Final = (
    "activations of 16 bits are not taken (docs/reference/operators.md says what they would cost): convert the model "
    "with full integer (int8) quantization, OpsSet.TFLITE_BUILTINS_INT8"
)
