"""The golden model: TensorFlow Lite Micro in numpy, bit for bit, on every tensor."""

from depthwise.codegen.arithmetic.fixedpoint import Mode

from .model import run, run_sequence

__all__ = ["Mode", "run", "run_sequence"]
