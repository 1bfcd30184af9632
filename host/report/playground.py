"""The network in the page: its C as WebAssembly, and all that makes an image of a picture and a table of scores."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.errors import ToolError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.passes import Optimized
from depthwise.host.api.picture_inputs import pixel_levels
from depthwise.host.data.calibration import PixelRange
from depthwise.host.link import InputPattern, PatternKind

from .subject import Subject
from .wasm import compiled, view_of

MOST_SCORES: Final = 1024
PAD: Final = 320  # pixels of its longer side
CHECKED: Final = 3  # generated inputs that the page computes by itself when it is opened
TAKES: Final = "it takes networks with one int8 image of 1 or 3 channels, one int8 output, and no state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """What a page needs to run a network on pictures; bytes are base64.

    `levels` are the 256 input values that pixels 0 to 255 become. `golden` are the outputs, one behind the other, for
    inputs of noise from `low` to `high` by the seeds 0, 1, … that the page makes as boards do.
    """

    wasm: str
    wasm_bytes: int
    height: int
    width: int
    channels: int
    levels: str
    scale: float
    zero_point: int
    scores: tuple[str, ...]
    golden: str
    inputs: int
    low: int
    high: int

    @property
    def pad_width(self) -> int:
        """Pixels of the pad to draw on."""
        return round(PAD * self.width / max(self.width, self.height))

    @property
    def pad_height(self) -> int:
        """Pixels of the pad to draw on."""
        return round(PAD * self.height / max(self.width, self.height))


@dataclass(frozen=True, slots=True)
class NoPlayground:
    """Why a page has none, and the next step, empty where there is none."""

    reason: str
    hint: str = ""


def playground_of(subject: Subject, within: PixelRange | None = None) -> Playground | NoPlayground:
    """The playground of a subject, or why there is none: other inputs than images, no ziglang.

    `within` is what pixel values 0 and 255 are to the network, all that it can hold if None.
    """
    if subject.made is None:
        return NoPlayground("a float model has no C", "depthwise quantize")
    net = view_of(subject)
    if not net.image_form or net.states or net.input.ctype != "int8_t" or net.output.ctype != "int8_t":
        return NoPlayground(TAKES)
    if len(net.input.sizes) != 3 or net.input.channels not in {1, 3} or net.output.size > MOST_SCORES:
        return NoPlayground(f"{TAKES}; at most {MOST_SCORES:,} scores are shown")
    try:
        wasm = compiled(net)
    except ToolError as error:
        return NoPlayground(error.message, error.hint)
    low, high = subject.passes.input_range
    made = subject.made.graph
    output = made.tensors[made.outputs[0]]
    q = quantization_of(output)
    return Playground(
        wasm=_text(wasm),
        wasm_bytes=len(wasm),
        height=net.input.height,
        width=net.input.width,
        channels=net.input.channels,
        levels=_text(pixel_levels(made, within).tobytes()),
        scale=q.scale,
        zero_point=q.zero_point,
        scores=subject.labels or tuple(map(str, range(output.elements))),
        golden=_text(_golden(subject.made, low, high).tobytes()),
        inputs=CHECKED,
        low=low,
        high=high,
    )


def _golden(made: Optimized, low: int, high: int) -> Array:
    """The golden model's outputs of generated inputs."""
    image, output = made.reference.tensors[made.reference.inputs[0]], made.graph.outputs[0]
    drawn = [InputPattern(PatternKind.NOISE, low, high, seed).values(image.elements) for seed in range(CHECKED)]
    found = run(made.reference, np.stack(drawn).reshape(CHECKED, *image.shape[1:]))[output]
    return made.survivors[output].of(found)


def _text(data: bytes) -> str:
    return b64encode(data).decode()
