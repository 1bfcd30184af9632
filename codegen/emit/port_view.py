"""What templates see of an input or an output."""

from dataclasses import dataclass
from typing import Final

# Real numbers that pixel values are usually scaled to.
USUAL_RANGES: Final = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0), (-128.0, 127.0), (-0.5, 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class PortView:
    """An input or an output of the network: its name in C, sizes, quantization, place.

    `sizes` are its shape without the batch. `scale` is empty for one that is not quantized: places that ARG_MAX found.
    `first` is the place of its first byte among those of all inputs, or outputs, one behind the other.
    `ring` begins the names of its ring's constants, `row_offset` is where row `y` lies as an expression of them,
    `offset` where its first row does.
    """

    name: str
    tensor: str
    ctype: str
    sizes: tuple[int, ...]
    height: int
    width: int
    channels: int
    size: int
    bytes: int
    row_bytes: int
    rows: int
    scale: str
    zero_point: int
    first: int
    ring: str
    row_offset: str
    offset: int

    @property
    def macro(self) -> str:
        """Its part of the names of macros."""
        return self.name.upper()

    @property
    def end(self) -> int:
        """Place behind its last byte among those of all inputs, or outputs."""
        return self.first + self.bytes

    @property
    def typecode(self) -> str:
        """Its type as Python's arrays call it."""
        return {"int8_t": "b", "int16_t": "h", "int32_t": "i"}[self.ctype]

    @property
    def extent(self) -> str:
        """Its shape as C declares it."""
        return "".join(f"[{n}]" for n in self.sizes)

    @property
    def place(self) -> tuple[str, str, int]:
        """Where it lies in the state: the block as elements of its type, the name of its place there, the place."""
        member, name, size = {
            "int8_t": ("bytes", "OUTPUT_OFFSET", 1),
            "int16_t": ("halves", "OUTPUT_HALF", 2),
            "int32_t": ("words", "OUTPUT_WORD", 4),
        }[self.ctype]
        return f"block.{member}", name, self.offset // size

    @property
    def position(self) -> str:
        """Place of the first value of row `y` among those of all inputs."""
        return f"{self.first} + y * {self.ring}_ROW_BYTES" if self.first else f"y * {self.ring}_ROW_BYTES"

    @property
    def pixel_range(self) -> tuple[float, float]:
        """What pixel values 0 and 255 probably are to the network: a usual range that its input spans, else that span.

        Half a step is left at each end, since zero is held exactly.
        """
        scale = float(self.scale.rstrip("f"))
        low, high = (scale * (end - self.zero_point) for end in (-128, 127))
        usual = (u for u in USUAL_RANGES if max(abs(u[0] - low), abs(u[1] - high)) <= 0.6 * scale)
        return next(usual, (round(low, 6), round(high, 6)))

    @property
    def is_gray(self) -> bool:
        """Tell whether this is a picture of one channel."""
        return self.channels == 1 and min(self.height, self.width) > 1

    @property
    def is_image(self) -> bool:
        """Tell whether this is a picture, gray or of three colours."""
        return self.channels in (1, 3) and min(self.height, self.width) > 1
