"""ADD and SUB of two tensors of one shape for Helium: as a plane, four elements at a time."""

from typing import Final

from depthwise.codegen.kernels.data import Constants, number_fields
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.planes import ADDED, SUBTRACTED, Sums
from depthwise.codegen.operators import Add, Operation, Sub


def _kernel(name: str, operator: type[Operation], sums: Sums) -> Kernel:
    def constants(layer: Layer) -> Constants:
        return Constants(fields=(*sums.fields(layer), *number_fields({"shift": -sums.shift(layer)})))

    return Kernel(
        name=name,
        operators=(operator,),
        refusal=sums.refusal,
        shape=elements_of,
        data=LayerData(Struct("dw_mve_plane", template=None), constants),
        headers=("dw_asm.h", "dw_mve.h", "dw_mve_plane.h"),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=None,
        events=None,
        proves=None,
        traffic=None,
    )


ADD_PLANE_MVE: Final = _kernel("add_plane_mve", Add, ADDED)
SUB_PLANE_MVE: Final = _kernel("sub_plane_mve", Sub, SUBTRACTED)
