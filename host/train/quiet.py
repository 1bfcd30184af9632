"""Loads TensorFlow once, quietly, and says how to get it where it is missing."""

import os
from typing import Final

from depthwise.codegen.errors import ToolError

INSTALL: Final = "pip install 'depthwise[train]'"


def require_tensorflow() -> None:
    """Import TensorFlow without its greetings. Raises ToolError where it is not installed.

    oneDNN's kernels are left out: they round differently from one processor to the next.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        import tensorflow  # noqa: F401, PLC0415 - its absence is to be explained
    except ImportError as error:
        raise ToolError(f"training needs TensorFlow: {error}", INSTALL) from None


def repeatable(seed: int) -> None:
    """Seed every generator, and let no operation depend on the order in which threads finish."""
    import tensorflow as tf  # noqa: PLC0415 - after `require_tensorflow`

    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
