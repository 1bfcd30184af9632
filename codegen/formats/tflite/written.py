"""What a writer puts into a file: operators, and tensors that are no tensors of the graph."""

from dataclasses import dataclass

from depthwise.codegen.operators.parts.writing import Coded


@dataclass(frozen=True, slots=True)
class WrittenOperator:
    """An operator with what it needs beside its tensors."""

    kind: str
    coded: Coded
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def code(self) -> tuple[str, int]:
        """What it is called in the file: name and version."""
        return self.kind, self.coded.version
