"""From a plan to the views that templates see: functions shared, data named, steps in order, memory mapped."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import UNLIMITED, Chosen, Kernels, choose_kernels
from depthwise.codegen.kernels.data import DataView
from depthwise.codegen.kernels.kernel import KernelShape, Struct
from depthwise.codegen.kernels.layer_data import constant_bytes, layer_data, shared
from depthwise.codegen.kernels.library import EVERYWHERE
from depthwise.codegen.kernels.weight_storage import (
    ALWAYS,
    BALANCED,
    NEVER,
    has_both,
    uses_of,
    usual_uses,
    ways_to_store,
)
from depthwise.codegen.naming import comment, identifier, shape_text
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.passes.intervals import WIDEST, Range
from depthwise.codegen.schedule import RowPlan, Variant, guards_of, order_of, step_numbers, steps
from depthwise.codegen.schedule.bodies import movable
from depthwise.codegen.schedule.memory import Group, StepMemory
from depthwise.codegen.targets.cores import PLAIN, Core

from .blob import blob_of
from .bookkeeping_view import bookkeeping_view
from .kept_states import state_views
from .labels import layer_label
from .plan_costs import time_of
from .port_views import ports
from .rings import Block
from .step_view import StepView
from .step_views import step_view
from .views import Blob, BlockView, FunctionView, MapLineView, NetworkView

# Functions are shared by layers whose kernels' names and shapes are equal.
FunctionKey = tuple[str, KernelShape]
# Bytes of constants, cycles, and cycles of waiting for flash, of a layer.
Costs = tuple[int, int, int]
# Tensors, and cycles of the layers that compute them.
Cycles = tuple[tuple[int, int], ...]
# More than what code takes of any model that was looked at, on any core: the application with the library's functions,
# those of blocks of pixels where there are both forms of weights, and each function of a layer.
FIRMWARE_BYTES: Final = 8192
BLOCKS_BYTES: Final = 8192
FUNCTION_BYTES: Final = 512
# The same for what is the library's of it: the loops that functions share with the table of calls, and each function,
# by the core's first family; those of `dsp` are unrolled by the sizes of a row.
LOOPS_BYTES: Final = 5760
PLACED_BYTES: Final = {"dsp": 1408, "armv7m": 192, "mac16": 544}
CALLED_BYTES: Final = 144


@dataclass(frozen=True, slots=True)
class Source:
    """The model file a network was made from: its name without a folder, and its bytes' SHA-256."""

    file: str
    sha256: str

    @staticmethod
    def of(file: str, content: bytes) -> "Source":
        """Describe a model file."""
        return Source(file, hashlib.sha256(content).hexdigest())


def network_view(
    plan: RowPlan,
    source: Source,
    *,
    name: str,
    trace: bool,
    promise: Range = WIDEST,
    context: bool = False,
    core: Core = PLAIN,
    int16_from: int = BALANCED,
    most_scratch: int = UNLIMITED,
    detached: bool = False,
) -> NetworkView:
    """Decide every number and name of the generated C; a trace build checks that inputs keep the `promise`.

    The constants of a `detached` network are a blob apart from the code. Weights are stored as int16, and scratch is
    taken, as the plan's variant says by `int16_from` and `most_scratch`.
    """
    graph, prefix = plan.graph, identifier(name)
    chosen = _chosen(plan, core, int16_from, most_scratch)
    functions, block = _functions(chosen, prefix), Block(plan)
    data, blob = _constants(plan, chosen, prefix, detached=detached)
    inputs, outputs = ports(block)
    return NetworkView(
        name=comment(name),
        prefix=prefix,
        model_file=comment(source.file),
        model_sha256=source.sha256,
        macs=total_macs(graph),
        block=_block(block, chosen),
        order=order_of(plan),
        bookkeeping=bookkeeping_view(plan, prefix),
        guards=guards_of(plan) if plan.guarded else (),
        static_state=not context,
        inputs=inputs,
        outputs=outputs,
        structs=_structs(chosen),
        functions=tuple(functions.values()),
        data=data,
        steps=_steps(block, chosen, functions, blob, prefix),
        headers=tuple(sorted({EVERYWHERE, *(header for c in chosen for header in c.kernel.headers)})),
        trace=trace,
        promise=promise if trace and promise != WIDEST else None,
        traced=tuple(c.layer.node.output for c in chosen),
        longest_planar=max((c.layer.output.row_bytes for c in chosen if c.layer.planar), default=0),
        blob=blob,
        states=state_views(block, prefix),
    )


def _chosen(plan: RowPlan, core: Core, int16_from: int, most_scratch: int) -> list[Chosen]:
    """What computes each step of a plan, which was made for the scratch that it takes."""
    kernels = choose_kernels(plan.graph, core.families, int16_from, most_scratch)
    assert plan.scratch_bytes == kernels.scratch_bytes
    return [kernels.of(n) for n in plan.steps]


def _constants(
    plan: RowPlan, chosen: list[Chosen], prefix: str, *, detached: bool
) -> tuple[tuple[DataView, ...], Blob | None]:
    """The data of all layers that have some, and the same as a blob if constants are detached."""
    of_steps = _data_of_steps(chosen, prefix)
    if detached:
        return tuple(d for d in of_steps if d is not None), blob_of(of_steps, _stretches(plan))
    return tuple(d for d in shared(of_steps) if d is not None), None


def _block(block: Block, chosen: list[Chosen]) -> BlockView:
    plan = block.plan
    return BlockView(
        bytes=plan.arena_bytes,
        rings=block.rings(),
        places=block.places(tuple(c.kernel.scratch for c in chosen if c.kernel.scratch is not None)),
        memory_map=_memory_map(plan),
    )


def _structs(chosen: list[Chosen]) -> tuple[Struct, ...]:
    """Structures that are defined beside the constants."""
    used = (c.kernel.data.struct for c in chosen if c.kernel.data is not None)
    return tuple(dict.fromkeys(struct for struct in used if struct.template is not None))


def _steps(
    block: Block, chosen: list[Chosen], functions: dict[FunctionKey, FunctionView], blob: Blob | None, prefix: str
) -> tuple[StepView, ...]:
    numbers = step_numbers(block.plan)
    found = [
        step_view(
            block,
            c,
            number=numbers[c.layer.node.output],
            slot=slot,
            function=functions[_key(c)].name,
            data=_data_name(prefix, c),
        )
        for slot, c in enumerate(chosen)
    ]
    if blob is not None:
        parts = zip(found, _stretches(block.plan), blob.data, strict=True)
        found = [replace(step, stretch=stretch, detached=data) for step, stretch, data in parts]
    return tuple(found)


def _stretches(plan: RowPlan) -> list[int]:
    """For each step the number of the stretch of the schedule that it runs in."""
    nodes = plan.graph.nodes
    of = {nodes[i].output: number for number, (start, stop) in enumerate(plan.segments) for i in range(start, stop)}
    return [of[n.output] for n in plan.steps]


def variant(graph: Graph, core: Core, int16_from: int = BALANCED, most_scratch: int = UNLIMITED) -> Variant:
    """What the kernels of a core take whatever the schedule; cycles are predicted where variants differ by them."""
    kernels = choose_kernels(graph, core.families, int16_from, most_scratch)
    predicted = has_both(core.families)
    chosen = _of_steps(kernels, graph)
    costs = _costs(chosen, graph.name, core)
    return _stored(_bare(kernels, most_scratch, has_blocks=predicted), int16_from, costs, _moved(chosen, costs))


def variants(graph: Graph, core: Core, most_scratch: int = UNLIMITED) -> tuple[Variant, ...]:
    """Ways to store weights on a core, from the fewest bytes to the fewest cycles."""
    predicted = has_both(core.families)
    if not predicted:
        return (variant(graph, core, most_scratch=most_scratch),)
    kernels = {at: choose_kernels(graph, core.families, at, most_scratch) for at in (NEVER, ALWAYS)}
    chosen = {at: _of_steps(found, graph) for at, found in kernels.items()}
    costs = {at: _costs(found, graph.name, core) for at, found in chosen.items()}
    uses = [uses_of(graph, c.layer.node) for c in chosen[ALWAYS]]
    either = [n for n, c, d in zip(uses, *chosen.values(), strict=True) if c.layer != d.layer]
    bare, moved = _bare(kernels[ALWAYS], most_scratch, has_blocks=True), _moved(chosen[ALWAYS], costs[ALWAYS])
    usual, made = usual_uses(core.families), list[Variant]()
    for at in ways_to_store(either, usual):
        least = usual if at == BALANCED else at
        both = zip(uses, costs[NEVER], costs[ALWAYS], strict=True)
        costs_of_way = [wide if n >= least else narrow for n, narrow, wide in both]
        made.append(_stored(bare, at, costs_of_way, moved))
    return tuple(made)


def library_code_bytes(graph: Graph, core: Core) -> int:
    """Bytes of a network's own code on a core, likely to be enough."""
    kernels = choose_kernels(graph, core.families)
    functions = len({_key(c) for c in kernels.chosen.values()})
    return LOOPS_BYTES + functions * PLACED_BYTES.get(core.families[0].name, CALLED_BYTES)


def _bare(kernels: Kernels, most_scratch: int, *, has_blocks: bool) -> Variant:
    """A variant without its layers' constants and cycles."""
    functions = len({_key(c) for c in kernels.chosen.values()})
    code = FIRMWARE_BYTES + has_blocks * BLOCKS_BYTES + FUNCTION_BYTES * functions
    return Variant(kernels.scratch_bytes, code_bytes=code, most_scratch=most_scratch)


def _stored(bare: Variant, int16_from: int, costs: list[Costs], moved: Cycles) -> Variant:
    constants, cycles, waits = (sum(cost) for cost in zip((0, 0, 0), *costs, strict=True))
    usual = int16_from == BALANCED
    stored = replace(bare, constant_bytes=constants, int16_from=int16_from, usual=usual)
    return replace(stored, cycles=cycles, waits=waits, moved=moved)


def _moved(chosen: list[Chosen], costs: list[Costs]) -> Cycles:
    """Cycles of the layers that a plan may make views of; they have no weights, and so no other form of them."""
    able = movable(chosen[0].layer.graph) if chosen else ()
    outputs = (c.layer.node.output for c in chosen)
    return tuple((tensor, cycles) for tensor, (_, cycles, _) in zip(outputs, costs, strict=True) if tensor in able)


def _costs(chosen: list[Chosen], prefix: str, core: Core) -> list[Costs]:
    data = (0 if d is None else constant_bytes(d) for d in shared(_data_of_steps(chosen, prefix)))
    return [(size, *time_of(c, core)) for size, c in zip(data, chosen, strict=True)]


def _of_steps(kernels: Kernels, graph: Graph) -> list[Chosen]:
    return [kernels.of(n) for n in steps(graph)]


def _data_of_steps(chosen: list[Chosen], prefix: str) -> list[DataView | None]:
    return [layer_data(c, _data_name(prefix, c)) for c in chosen]


@lru_cache(maxsize=512)
def _key(chosen: Chosen) -> FunctionKey:
    return chosen.kernel.name, chosen.kernel.shape(chosen.layer)


def _functions(chosen: list[Chosen], prefix: str) -> dict[FunctionKey, FunctionView]:
    users: dict[FunctionKey, list[Chosen]] = {}
    for c in chosen:
        users.setdefault(_key(c), []).append(c)
    return {key: _function(key, of, prefix) for key, of in users.items()}


def _function(key: FunctionKey, users: list[Chosen], prefix: str) -> FunctionView:
    (name, shape), layer = key, users[0].layer
    shapes = [shape_text(t.shape) for t in layer.graph.inputs_of(layer.node) if t.data is None]
    sizes = f"{' + '.join(shapes)} -> {shape_text(layer.output.shape)}"
    layers = ", ".join(str(c.layer.node.layer) for c in users)
    about = (f"{layer.node.op.kind} {sizes}, layer{'s' if len(users) > 1 else ''} {layers}.",)
    return FunctionView(users[0].template, f"{prefix}_layer{layer_label(layer.graph, layer.node)}_{name}", about, shape)


def _data_name(prefix: str, of: Chosen) -> str:
    return f"{prefix}_data{layer_label(of.layer.graph, of.layer.node)}"


def _memory_map(plan: RowPlan) -> tuple[MapLineView, ...]:
    lines = [(offset, offset + group.size, _about_ring(plan, group)) for group, offset in plan.rings]
    lines += [(offset, offset + sums.size, _about_sums(plan, sums)) for sums, offset in plan.sums]
    if plan.scratch_bytes:
        lines.append((plan.scratch_offset, plan.scratch_offset + plan.scratch_bytes, "scratch of one call"))
    return tuple(MapLineView(f"{start:7d} ...{end:7d}  {text}") for start, end, text in sorted(lines))


def _about_ring(plan: RowPlan, group: Group) -> str:
    tensor = max((plan.graph.tensors[t] for t in group.tensors), key=lambda t: t.nbytes)
    shape = shape_text(tensor.shape)
    rows = plan.ring_of(tensor.index)[1]
    what = f"{rows} of {tensor.rows} rows of {shape}" if tensor.rows > 1 else shape
    if any(s.before in group.tensors for s in plan.graph.states):
        return f"{shape}, kept from run to run"
    return f"{what}, calls {group.first} to {group.last}"


def _about_sums(plan: RowPlan, sums: StepMemory) -> str:
    return f"sums of layer {plan.graph.nodes[sums.step].layer}, calls {sums.first} to {sums.last}"
