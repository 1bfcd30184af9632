"""Turns a trained tiny MobileNet into plain C for microcontrollers, and proves that the board computes it exactly.

    net = depthwise.load("model.tflite")
    net.fit()                                    which boards hold it, and how fast
    net.export("p", board="nucleo-f446re")       C, firmware and Makefile
    depthwise.verify("p", virtual=True).equal    every bit, against TensorFlow Lite Micro

Errors a user can cause are one tree, its root DepthwiseError. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from depthwise.codegen import version

if TYPE_CHECKING:
    from depthwise.codegen.errors import DepthwiseError
    from depthwise.host.api.benching import bench
    from depthwise.host.api.cost import CoreCost
    from depthwise.host.api.exporting import Exported
    from depthwise.host.api.fitting import Fits
    from depthwise.host.api.loading import Golden, Network, load
    from depthwise.host.api.planning import Plans
    from depthwise.host.api.quantizing import QuantizedFile, quantize
    from depthwise.host.api.verifying import verify
    from depthwise.host.verify.repeated_runs import RepeatedRuns
    from depthwise.host.verify.verdict import Verdict

__version__: Final = version.VERSION
PLACES: Final = {
    "CoreCost": "host.api.cost",
    "DepthwiseError": "codegen.errors",
    "Exported": "host.api.exporting",
    "Fits": "host.api.fitting",
    "Golden": "host.api.loading",
    "Network": "host.api.loading",
    "Plans": "host.api.planning",
    "RepeatedRuns": "host.verify.repeated_runs",
    "QuantizedFile": "host.api.quantizing",
    "Verdict": "host.verify.verdict",
    "bench": "host.api.benching",
    "load": "host.api.loading",
    "quantize": "host.api.quantizing",
    "verify": "host.api.verifying",
}
__all__ = [
    "CoreCost",
    "DepthwiseError",
    "Exported",
    "Fits",
    "Golden",
    "Network",
    "Plans",
    "QuantizedFile",
    "RepeatedRuns",
    "Verdict",
    "__version__",
    "bench",
    "load",
    "quantize",
    "verify",
]


def __getattr__(name: str) -> Any:
    """A name of the interface, from the file that holds it."""
    if name not in PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"depthwise.{PLACES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
