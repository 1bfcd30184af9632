"""What lies where in the block, by name: rings of rows, sums and scratch, and addresses of rows as C."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Node
from depthwise.codegen.kernels.kernel import Scratch
from depthwise.codegen.schedule import RowPlan

from .labels import layer_label
from .views import PlaceView, RingView

WORD_BYTES = 4
IMAGE = "IMAGE"
SCRATCH = "SCRATCH"
MEMBERS: Final = {2: "halves", 4: "words"}  # of the block, by bytes of an element


@dataclass(frozen=True, slots=True)
class Block:
    """The block of a planned network. Its names are known to single functions: the network's do not stand in front."""

    plan: RowPlan

    def rings(self) -> tuple[RingView, ...]:
        """The rings of all tensors; one that lies in another's memory says so by the other's name."""
        plan = self.plan
        owners = {tensor: group.tensors[0] for group, _ in plan.rings for tensor in group.tensors}
        found = []
        states = (s.before for s in plan.graph.states)
        for tensor in (*plan.graph.inputs, *states, *(n.output for n in plan.graph.nodes)):
            about, (offset, rows) = plan.graph.tensors[tensor], plan.ring_of(tensor)
            owner = owners[tensor]
            apart = owner == tensor or offset != plan.ring_of(owner)[0]
            place = str(offset) if apart else f"{self.ring_name(owner)}_OFFSET"
            found.append(RingView(self.ring_name(tensor), place, rows, about.rows, about.row_bytes))
        return tuple(found)

    def places(self, scratch: tuple[Scratch, ...]) -> tuple[PlaceView, ...]:
        """Sums, and the scratch in each form in which a kernel takes it."""
        plan = self.plan
        found = [PlaceView(self._sums_name(plan.graph.nodes[s.step]), offset // WORD_BYTES) for s, offset in plan.sums]
        for form in dict.fromkeys(s.form for s in scratch):
            size = WORD_BYTES if form == "lanes" else 1
            found.append(PlaceView(self._scratch_name(form), plan.scratch_offset // size))
        return tuple(found)

    def ring_name(self, tensor: int) -> str:
        """What a tensor's ring is called: by the layer that writes it, or as an input or state by its number."""
        graph = self.plan.graph
        if tensor in graph.inputs:
            return IMAGE if len(graph.inputs) == 1 else f"INPUT{graph.inputs.index(tensor)}"
        state = next((n for n, s in enumerate(graph.states) if s.before == tensor), None)
        if state is not None:
            return f"STATE{state:02d}"
        writer = next(n for n in graph.nodes if n.output == tensor)
        return f"RING{layer_label(graph, writer)}"

    def row_offset(self, tensor: int, row: str) -> str:
        """Where a row of a tensor lies in the block, as an expression of C."""
        name, depth = self.ring_name(tensor), self.plan.ring_of(tensor)[1]
        if row == "0" or depth == 1:
            return f"{name}_OFFSET"
        inside = row if depth == self.plan.graph.tensors[tensor].rows else f"{row} % {name}_ROWS"
        return f"{name}_OFFSET + {inside} * {name}_ROW_BYTES"

    def row_address(self, tensor: int, row: str) -> str:
        """Address of a row of a tensor, a pointer to its type."""
        offset, size = self.row_offset(tensor, row), self.plan.graph.tensors[tensor].dtype.itemsize
        return f"block + {offset}" if size == 1 else f"state->block.{MEMBERS[size]} + ({offset}) / {size}"

    def sums_address(self, node: Node) -> str:
        """Address of a node's sums."""
        return f"state->block.words + {self._sums_name(node)}"

    def scratch_address(self, scratch: Scratch) -> str:
        """Address of the scratch as what a kernel takes it for."""
        return f"{'state->block.lanes' if scratch.form == 'lanes' else 'block'} + {self._scratch_name(scratch.form)}"

    def _sums_name(self, node: Node) -> str:
        return f"SUMS{layer_label(self.plan.graph, node)}_WORD"

    def _scratch_name(self, form: str) -> str:
        return f"{SCRATCH}_{'WORD' if form == 'lanes' else 'OFFSET'}"
