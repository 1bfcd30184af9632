"""ADD and SUB of two tensors of one shape as a plane: two products and a shift for an element."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Kernel, LayerData, Struct
from depthwise.codegen.kernels.planes import ADDED, SUBTRACTED, Sums
from depthwise.codegen.operators import Add, Operation, Sub


@dataclass(frozen=True, slots=True)
class OnPlane:
    """Number of elements, the shift, whether the clamp is all of int8."""

    count: int
    shift: int
    full: bool


def _kernel(name: str, operator: type[Operation], sums: Sums) -> Kernel:
    return Kernel(
        name=name,
        operators=(operator,),
        refusal=sums.refusal,
        shape=lambda layer: OnPlane(elements_of(layer).count, sums.shift(layer), sums.is_full(layer)),
        data=LayerData(Struct("dw_plane", template=None), lambda layer: Constants(fields=sums.fields(layer))),
        headers=("dw_asm.h", "dw_plain.h", "dw_plain_plane.h"),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=counted(name),
        proves=None,
        traffic=None,
    )


ADD_PLANE: Final = _kernel("add_plane", Add, ADDED)
SUB_PLANE: Final = _kernel("sub_plane", Sub, SUBTRACTED)
