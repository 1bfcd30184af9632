"""One layer's entry in a Keras configuration, read with suspicion: every value is checked before it is used."""

from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph.windows import Pair, same_pads
from depthwise.codegen.operators import Pads

LARGEST: Final = 1 << 16
LONGEST_NAME: Final = 200
TRUSTED: Final = ("keras", "keras.layers", "keras.models")
TRUSTED_PREFIXES: Final = (
    *("keras.src.layers.", "keras.src.models."),
    *("keras.src.ops.core", "keras.src.ops.image", "keras.src.ops.nn", "keras.src.ops.numpy"),
)
RUNS_CODE: Final = "only layers of Keras itself are read: code in a model file never runs"


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """A layer: its class, its name, its settings, its calls (empty in a Sequential model)."""

    kind: str
    name: str
    settings: dict[str, Any]
    calls: tuple[Any, ...]

    def __str__(self) -> str:
        return f"layer {self.name!r} ({self.kind})"

    @property
    def rank(self) -> int:
        """Axes that the layer slides over: 1 in a sequence, 2 in an image."""
        return 1 if "1D" in self.kind else 2

    def sizes(self, key: str, default: int | None = None) -> Pair:
        """Height and width of a window; in a sequence, which is an image of width 1, a number and 1."""
        if self.rank == 2:
            return self.pair(key, default)
        value = self.settings.get(key, default)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        return self._whole(key, value), 1

    def whole(self, key: str, default: int | None = None) -> int:
        """A positive integer."""
        return self._whole(key, self.settings.get(key, default))

    def _whole(self, key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST:
            raise ModelError(f"{self} has {key} {str(value)[:40]}, it must be a whole number from 1 to {LARGEST}")
        return value

    def pair(self, key: str, default: int | None = None) -> Pair:
        """Two positive integers, or one for both."""
        value = self.settings.get(key, default)
        if isinstance(value, int):
            value = [value, value]
        if not isinstance(value, list) or len(value) != 2:
            raise ModelError(f"{self} has {key} {str(value)[:40]}, it must be two whole numbers")
        return self._whole(key, value[0]), self._whole(key, value[1])

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.settings.get(key, default)
        if not isinstance(value, bool):
            raise ModelError(f"{self} has {key} {str(value)[:40]}, it must be true or false")
        return value

    def real(self, key: str, default: float) -> float:
        """A finite number."""
        value = self.settings.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise ModelError(f"{self} has {key} {str(value)[:40]}, it must be a number")
        return float(value)

    def only(self, key: str, *allowed: object) -> None:
        """Refuse a setting that is none of those that are done; an absent one is the first."""
        value = self.settings.get(key, allowed[0])
        if not any(type(value) is type(a) and value == a for a in allowed):
            raise UnsupportedError(f"{self} has {key} {str(value)[:40]!r}", f"only {allowed[0]!r} is supported")

    def pads(self, size: Pair, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> Pads:
        """Pixels of the layer's padding, `same` or `valid`."""
        self.only("padding", "valid", "same")
        self.only("data_format", "channels_last", None)
        if self.settings.get("padding", "valid") == "same":
            return same_pads(size, kernel, stride, dilation)
        return Pads()


def layer_config(entry: object) -> LayerConfig:
    """Check one entry of a model's `layers`. Raises UnsupportedError for anything that is not of Keras itself."""
    if not isinstance(entry, dict) or not isinstance(entry.get("config"), dict):
        raise ModelError("the configuration holds a layer that is no object with a `config`", "save the model again")
    kind, settings = str(entry.get("class_name"))[:LONGEST_NAME], entry["config"]
    name = str(settings.get("name", entry.get("name", kind)))[:LONGEST_NAME]
    module, registered = str(entry.get("module")), entry.get("registered_name")
    calls = entry.get("inbound_nodes", [])
    layer = LayerConfig(kind, name, settings, tuple(calls) if isinstance(calls, list) else ())
    if kind == "Lambda":
        raise UnsupportedError(f"{layer} runs Python code stored in the file", RUNS_CODE)
    if registered not in (None, kind) or not (module in TRUSTED or module.startswith(TRUSTED_PREFIXES)):
        named = f"{module}.{kind}" if registered is None else registered
        raise UnsupportedError(f"{layer} is custom code ({str(named)[:80]})", RUNS_CODE)
    _check_dtype(layer)
    return layer


def _check_dtype(layer: LayerConfig) -> None:
    dtype = layer.settings.get("dtype", "float32")
    inner = dtype.get("config") if isinstance(dtype, dict) else None
    if isinstance(dtype, dict):
        dtype = inner.get("name") if isinstance(inner, dict) else None
    if dtype not in ("float32", None):
        raise UnsupportedError(f"{layer} computes in {str(dtype)[:40]}", "save the model with dtype float32")
