"""What operators read of their table of options in a `.tflite` file (schema.fbs, BuiltinOptions)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.reading import Table
from depthwise.codegen.graph import DType, Operation, Tensor

from .activation import Activation

Op = TypeVar("Op", bound=Operation)
# ActivationFunctionType, in the order of their numbers.
ACTIVATIONS: Final = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")


@dataclass(frozen=True, slots=True)
class RawOperator:
    """An operator as the file has it: what to call it, its options, the tensors it reads and writes.

    It is read once for each tensor that it writes: `position` tells for which.
    """

    what: str
    options: Table
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    position: int

    @property
    def output(self) -> Tensor:
        """The tensor for which it is read."""
        return self.outputs[self.position]

    def need(self, least: int, most: int, *, several: bool = False) -> None:
        """Refuse a wrong number of inputs, and of outputs, which is 1 unless an operator writes `several`."""
        if not least <= len(self.inputs) <= most:
            raise ModelError(f"{self.what} has {len(self.inputs)} inputs, it takes {least} to {most}")
        if len(self.outputs) > 1 and not several:
            raise ModelError(f"{self.what} has {len(self.outputs)} outputs, it must have 1")


def without_options(make: Callable[[], Op], least: int = 1, most: int = 1) -> Callable[[RawOperator], Op]:
    """For an operator that has no attributes, only a number of inputs."""

    def read(op: RawOperator) -> Op:
        op.need(least, most)
        return make()

    return read


def activation(op: RawOperator, field: int) -> Activation:
    """Field that is a fused activation."""
    number = op.options.scalar(field, "b")
    name = ACTIVATIONS[number] if 0 <= number < len(ACTIVATIONS) else f"activation {number}"
    try:
        return Activation[name]
    except KeyError:
        raise UnsupportedError(f"{op.what} has fused activation {name}", "use RELU, RELU6 or none") from None


def integers(op: RawOperator, number: int) -> tuple[int, ...]:
    """Values of a constant int32 operand, in order."""
    tensor = op.inputs[number]
    if tensor.data is None or tensor.dtype is not DType.INT32:
        kind = "constant" if tensor.data is None else tensor.dtype.value
        need = "it must be constant" if tensor.data is None else "it must be int32"
        raise UnsupportedError(
            f"{op.what} has operand {number} that is {'not ' if kind == 'constant' else ''}{kind}", need
        )
    return tuple(int(v) for v in tensor.data.ravel().tolist())


def one_integer(op: RawOperator, number: int) -> int:
    """The value of a constant int32 operand that has one element. Raises ModelError if it has more."""
    found = integers(op, number)
    if len(found) != 1:
        raise ModelError(f"{op.what} has {len(found)} values in operand {number}, it takes 1")
    return found[0]
