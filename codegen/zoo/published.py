"""What the papers print: multiply-adds, parameters and top-1 accuracy on ImageNet, beside what we build.

V1: Howard and others (2017), tables 4 to 7. V2: Sandler and others (2018), table 4. V3: Howard and others
(2019), table 3. The accuracies are theirs: nothing here was trained on ImageNet.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

from .block_costs import cost
from .mobilenet_v1 import mobilenet_v1
from .mobilenet_v2 import mobilenet_v2
from .mobilenet_v3_small import mobilenet_v3_small
from .spec import Architecture
from .toolbox import full_convolutions

HALF_A_MILLION: Final = 500_000


@dataclass(frozen=True, slots=True)
class Published:
    """A row of a paper: millions of multiply-adds and of parameters as printed, top-1 accuracy in percent.

    `counts_normalization` tells whether γ and β are among the parameters shown beside it.
    """

    title: str
    architecture: Architecture
    million_macs: int
    _: KW_ONLY
    million_parameters: float
    accuracy: float
    counts_normalization: bool = True


PUBLISHED: Final = (
    Published("V1 full convolutions", full_convolutions(mobilenet_v1()), 4866, million_parameters=29.3, accuracy=71.7),
    Published("V1 1.0 224", mobilenet_v1(), 569, million_parameters=4.2, accuracy=70.6),
    Published("V1 0.75 224", mobilenet_v1(0.75), 325, million_parameters=2.6, accuracy=68.4),
    Published("V1 0.5 224", mobilenet_v1(0.5), 149, million_parameters=1.3, accuracy=63.7),
    Published("V1 0.25 224", mobilenet_v1(0.25), 41, million_parameters=0.5, accuracy=50.6),
    Published("V1 1.0 192", mobilenet_v1(1.0, 192), 418, million_parameters=4.2, accuracy=69.1),
    Published("V1 1.0 160", mobilenet_v1(1.0, 160), 290, million_parameters=4.2, accuracy=67.2),
    Published("V1 1.0 128", mobilenet_v1(1.0, 128), 186, million_parameters=4.2, accuracy=64.4),
    Published("V1 shallow", mobilenet_v1(shallow=True), 307, million_parameters=2.9, accuracy=65.3),
    Published("V2 1.0 224", mobilenet_v2(), 300, million_parameters=3.4, accuracy=72.0, counts_normalization=False),
    Published("V3-Small 1.0 224", mobilenet_v3_small(), 56, million_parameters=2.5, accuracy=67.4),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a paper beside the same network built here, parameters counted as comes nearest to it."""

    published: Published
    macs: int
    parameters: int

    @property
    def deviation(self) -> float:
        """How far the MACs are beyond what would be rounded to the printed figure, in percent."""
        printed = self.published.million_macs * 1e6
        above, below = self.macs - printed - HALF_A_MILLION, printed - HALF_A_MILLION - self.macs
        return 100 * (max(above, 0.0) - max(below, 0.0)) / printed

    def as_json(self) -> dict[str, Any]:
        """All of it for programs."""
        p = self.published
        return {
            "network": p.title,
            "macs": self.macs,
            "paper_million_macs": p.million_macs,
            "deviation_percent": round(self.deviation, 3),
            "parameters": self.parameters,
            "paper_million_parameters": p.million_parameters,
            "paper_top1_percent": p.accuracy,
        }


def compared(published: Published) -> Compared:
    """Build a network without weights and count it."""
    counted = cost(published.architecture)
    counts = counted.parameters if published.counts_normalization else counted.without_normalization
    return Compared(published, counted.macs, counts)
