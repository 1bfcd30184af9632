"""What errors tell the user to do next."""

from typing import Final

CONVERT: Final = "convert the model with full integer (int8) quantization"
QUANTIZE_FIRST: Final = "quantize it first: depthwise quantize MODEL -o MODEL_int8.tflite --data FOLDER"
