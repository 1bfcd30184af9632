"""What to build a model from: operators that are taken wherever a converter puts them."""

from typing import Final

TAKEN: Final = (
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "FULLY_CONNECTED",
    "AVERAGE_POOL_2D",
    "MAX_POOL_2D",
    "RELU",
    "RELU6",
    "SOFTMAX",
)
INSTEAD: Final = f"replace them in the model by layers that become {', '.join(TAKEN[:-1])} and {TAKEN[-1]}"
