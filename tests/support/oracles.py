"""Other implementations of the same arithmetic: tflite-micro, and LiteRT in its several modes."""

from collections.abc import Mapping

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro.python.tflite_micro import runtime

from depthwise.codegen.flatbuffer.reading import Flatbuffer
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.unfold import made_tensors
from depthwise.codegen.golden import run
from depthwise.codegen.golden.model import checked_inputs
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators.select_v2 import conditions

ARENA_BYTES = 4 << 20
MOST = 1_000


def written(model: bytes, graph: Graph) -> list[int]:
    """Tensors of the model file that operators write: none that a reader added, in between or behind all others."""
    (main, *_) = Flatbuffer(model).root().tables(schema.MODEL_SUBGRAPHS, MOST, "subgraphs")
    count, made = main.count(schema.SUBGRAPH_TENSORS), made_tensors(graph)
    return [n.output for n in graph.nodes if n.output not in made and n.output < count]


def as_stored(graph: Graph, given: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Inputs by tensor, of the types of the file: conditions are bool in it."""
    told = conditions(graph)
    return {i: v.astype(np.bool_) if i in told else v for i, v in checked_inputs(graph, given).items()}


def tflite_micro(model: bytes, graph: Graph, given: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Every tensor that tflite-micro computes for one input [1, …], or several by tensor; by tensor index."""
    keep = runtime.InterpreterConfig.kPreserveAllTensors
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES, intrepreter_config=keep)
    for number, value in enumerate(as_stored(graph, given).values()):
        interpreter.set_input(value, number)
    interpreter.invoke()
    return {i: np.array(interpreter.GetTensor(i, 0)["tensor_data"]) for i in written(model, graph)}


def tflite_micro_sequence(model: bytes, graph: Graph, steps: Array, *, again: bool = False) -> dict[int, Array]:
    """Every tensor of the file that tflite-micro computes of inputs [T, …], one after another: [T, …] by tensor.

    With `again` it has run them before, and was reset.
    """
    keep = runtime.InterpreterConfig.kPreserveAllTensors
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES, intrepreter_config=keep)
    for round_ in range(1 + again):
        if round_:
            interpreter.reset()
        seen: dict[int, list[Array]] = {i: [] for i in written(model, graph)}
        for number in range(len(steps)):
            interpreter.set_input(steps[number : number + 1], 0)
            interpreter.invoke()
            for tensor, values in seen.items():
                values.append(np.array(interpreter.GetTensor(tensor, 0)["tensor_data"]))
    return {tensor: np.stack(values).reshape(len(steps), -1) for tensor, values in seen.items()}


def litert(
    model: bytes, graph: Graph, given: Mapping[int, Array] | Array, resolver: OpResolverType
) -> dict[int, Array]:
    """Every tensor that LiteRT computes for one input, or several by tensor, with the given kernels, by tensor."""
    interpreter = Interpreter(
        model_content=model,
        experimental_op_resolver_type=resolver,
        experimental_preserve_all_tensors=True,
        num_threads=1,
    )
    interpreter.allocate_tensors()
    for tensor, value in as_stored(graph, given).items():
        interpreter.set_tensor(tensor, value)
    interpreter.invoke()
    return {i: np.array(interpreter.get_tensor(i)) for i in written(model, graph)}


def differing(graph: Graph, given: Mapping[int, Array] | Array, data: bytes) -> dict[str, int]:
    """Values that differ from tflite-micro, by node; empty if none does."""
    mine, theirs = run(graph, given), tflite_micro(data, graph, given)
    counts = {
        str(node): int(np.count_nonzero(np.ravel(mine[node.output]) != theirs[node.output].ravel()))
        for node in graph.nodes
        if node.output in theirs
    }
    return {node: count for node, count in counts.items() if count}
