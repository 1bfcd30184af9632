"""Kernels of operators that join two tensors: a pair each, one of which has a constant in its data."""

from collections.abc import Callable

from depthwise.codegen.graph import Graph, Node, Operation
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, array, fields_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData

from .broadcast import broadcast_of
from .rendered import rendered

Parameters = Callable[[Graph, Node], object]


def joined(
    operation: type[Operation],
    name: str,
    parameters: Parameters | None,
    *,
    struct: str,
    value: str,
    sign: str = "",
    headers: tuple[str, ...] = (),
    plainer: Callable[[Graph, Node], bool] = lambda _graph, _node: False,
) -> tuple[Kernel, Kernel]:
    """Kernels `name` and `…_constant` of an operation, whose elements are joined as the template `value` says.

    `struct` is the data of the first, `…_constant` that of the second; without `parameters` the first has none.
    Nodes of two tensors for which `plainer` holds are left to another kernel.
    """

    def shape(layer: Layer, struct: str) -> object:
        return broadcast_of(layer, value=value, sign=sign, struct=struct)

    return of_two(operation, name, parameters, struct=struct, shape=shape, headers=headers, plainer=plainer)


def of_two(
    operation: type[Operation],
    name: str,
    parameters: Parameters | None,
    *,
    struct: str,
    shape: Callable[[Layer, str], object],
    headers: tuple[str, ...] = (),
    plainer: Callable[[Graph, Node], bool] = lambda _graph, _node: False,
) -> tuple[Kernel, Kernel]:
    """As `joined`, of any `shape`, which is told the name of the data's structure, "" if there is none."""
    data = None if parameters is None else LayerData(rendered(struct), lambda layer: _fields(layer, parameters))
    constant = LayerData(rendered(f"{struct}_constant"), lambda layer: _with_constant(layer, parameters))

    def kernel(name: str, refusal: Callable[[Graph, Node], str | None], data: LayerData | None) -> Kernel:
        struct = "" if data is None else data.struct.name
        return Kernel(
            name=name,
            operators=(operation,),
            refusal=refusal,
            shape=lambda layer: shape(layer, struct),
            data=data,
            headers=headers,
            scratch=None,
            position=False,
            planar=None,
            int16_weights=None,
            events=counted(name),
            proves=None,
            traffic=None,
        )

    def needs_no_constant(graph: Graph, node: Node) -> str | None:
        if _has_constant(graph, node):
            return "one of its operands is a constant"
        return "its operands have one shape" if plainer(graph, node) else None

    base = name.removesuffix("_broadcast")
    return kernel(name, needs_no_constant, data), kernel(f"{base}_constant", _needs_a_constant, constant)


def _has_constant(graph: Graph, node: Node) -> bool:
    return any(t.data is not None for t in graph.inputs_of(node))


def _needs_a_constant(graph: Graph, node: Node) -> str | None:
    return None if _has_constant(graph, node) else "none of its operands is a constant"


def _fields(layer: Layer, parameters: Parameters) -> Constants:
    found = parameters(layer.graph, layer.node)
    return Constants(fields=fields_of(found, *getattr(found, "__dataclass_fields__", ())))


def _with_constant(layer: Layer, parameters: Parameters | None) -> Constants:
    (values,) = (t.data for t in layer.graph.inputs_of(layer.node) if t.data is not None)
    fields = () if parameters is None else _fields(layer, parameters).fields
    return Constants((array("int8_t", "constant", "the operand that is constant", values),), fields)
