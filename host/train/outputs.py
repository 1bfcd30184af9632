"""The files that a training leaves, and whether they may be written: known before anything is trained."""

from dataclasses import dataclass
from pathlib import Path

from depthwise.codegen.errors import InputError
from depthwise.codegen.project.whole_file import check_target
from depthwise.host.demo import pictures_path


@dataclass(frozen=True, slots=True)
class Outputs:
    """Paths of the model, of its card, test pictures, chart, and of the float network if it is wanted."""

    model: Path
    card: Path
    pictures: Path
    chart: Path
    keras: Path | None = None

    @property
    def search(self) -> Path:
        """The folder that keeps how far a search for a network is, as long as it lasts."""
        return self.model.with_suffix(".search")

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that are wanted."""
        return (self.model, self.card, self.pictures, self.chart, *([] if self.keras is None else [self.keras]))


def outputs(model: Path, keras: Path | None, teacher: Path | None, *, force: bool) -> Outputs:
    """Files of a training. Raises InputError for one that is there (without `force`), or that is the teacher."""
    if keras is not None and keras.suffix != ".keras":
        raise InputError(f"{keras} does not end in .keras", f"--keras {keras.with_suffix('.keras')}")
    chart = model.with_name(f"{model.stem}_training.png")
    found = Outputs(model, model.with_suffix(".json"), pictures_path(model), chart, keras)
    if len(set(found.paths)) != len(found.paths):
        raise InputError(f"{model} would be written over by its card or its pictures", "call it NAME.tflite")
    for path in found.paths:
        check_target(path, force=force, sources=() if teacher is None else (teacher,))
    return found
