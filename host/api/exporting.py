"""A project folder from a model: written, built, and held against the golden model."""

from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.project.manifest import Manifest
from depthwise.host.build import ImageSizes, build
from depthwise.host.project import open_project
from depthwise.host.verify.verdict import Verdict

from .verifying import GivenInputs, verify


@dataclass(frozen=True, slots=True)
class Exported:
    """A project folder that `Network.export` wrote, with its manifest."""

    folder: Path
    manifest: Manifest

    def build(self) -> ImageSizes:
        """Compile it, and say what it takes of the board. Raises ToolError naming what to install, DoesNotFitError."""
        return build(open_project(self.folder))

    def verify(
        self, port: str | None = None, *, virtual: bool = False, inputs: GivenInputs = 6, seed: int = 0
    ) -> Verdict:
        """As `depthwise.verify`, of this project."""
        return verify(self.folder, port, virtual=virtual, inputs=inputs, seed=seed)
