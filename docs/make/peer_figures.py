"""Figures of other engines in docs/results/benchmarks.md: measured as ours are, and published."""

from typing import Any, Final

Row = dict[str, Any]

# MLPerf Tiny's visual wake words on the plugin of counting.py: one inference, zero flash wait states. The figures of
# CMSIS-NN are in docs/results/cmsis-nn.json.
PEERS: Final[list[Row]] = [
    {"engine": "TensorFlow Lite Micro, August 2026, CMSIS-NN", "cycles": 29_025_670, "output": "exact"},
    {"engine": "TensorFlow Lite Micro, August 2026, reference kernels", "cycles": 139.2e6, "output": "exact"},
    {"engine": "TinyEngine, float requantization", "instructions": 19.71e6, "cycles": 24.99e6, "output": "not exact"},
    {
        "engine": "TinyEngine, integer",
        "instructions": 24.45e6,
        "cycles": 29.37e6,
        "output": "exact but for SAME, stride 2",
    },
    {"engine": "NNoM + CMSIS-NN", "instructions": 20.91e6, "cycles": 25.93e6, "output": "its own quantization"},
    {"engine": "microTVM 2022, CMSIS-NN + USMP", "instructions": 25.15e6, "cycles": 29.78e6, "output": ""},
    {"engine": "TinyMaix, SIMD", "instructions": 37.0e6, "output": "not exact"},
    {"engine": "onnx2c (QDQ)", "instructions": 106.8e6, "output": ""},
]
# TensorFlow Lite Micro of August 2026 whole, with its CMSIS-NN, -O2, zero flash wait states: cycles, bytes of its arena
# and of flash, linked; by model.
WHOLE: Final[dict[str, tuple[int, int | None, int | None]]] = {
    "vww_96_int8": (29_025_670, 100_708, 386_720),
    "kws_dscnn_int8": (9_172_923, 22_820, 107_368),
    "ic_resnet8_int8": (36_483_955, 54_996, 149_760),
    "ad01_int8": (723_998, 2_580, 305_240),
    "mobilenet_v1_025_96_imagenet_int8": (32_038_935, 109_348, 649_408),
    "micro_speech": (2_033_907, None, None),
}
# The same behind the flash accelerators of flash_waits.py: STM32L4R5, STM32F405.
WAITING: Final[dict[str, tuple[int, int]]] = {
    "vww_96_int8": (30_990_138, 30_134_198),
    "kws_dscnn_int8": (9_603_304, 9_372_645),
    "ic_resnet8_int8": (41_223_000, 38_838_876),
}
UNALIGNED: Final = """
Unaligned accesses are counted for ours and for CMSIS-NN. The other engines' figures are without them, so that they
would take that much more.
"""
DEAD_CHANNELS: Final = """
A part of the lead on this model is dead channels: the exact passes remove 1,724 of the 2,738 channels that its layers
compute, and with them half of its MACs. CMSIS-NN on the network behind our passes takes 19.73M cycles instead of
{cycles}. Few models are like that: `person_detect`, the same architecture from other training, has 2 dead channels,
KWS, IC and AD have none.
"""
# MLPerf Tiny closed division, STM32L4R5 (Cortex-M4, 120 MHz, its own flash), cycles per MAC of the model:
# latency x clock / MACs.
PUBLISHED: Final[list[Row]] = [
    {
        "system": "TensorFlow Lite Micro 2.3.1 with the CMSIS-NN of its time",
        "vww": 9.62,
        "kws": 8.22,
        "ic": 6.76,
        "ad": 4.57,
    },
    {"system": "microTVM + CMSIS-NN", "vww": 4.83, "kws": 4.51, "ic": 3.74, "ad": 3.91},
    {"system": "X-CUBE-AI 8.0", "vww": 3.54},
    {"system": "Bosch HALE, v1.2 (AD at its best)", "vww": 2.89, "kws": 2.72, "ic": 1.73, "ad": 2.15},
    {"system": "Plumerai, v1.1", "vww": 1.58, "kws": 2.16, "ic": 1.61, "ad": 1.84},
    {"system": "X-CUBE-AI 9.0", "vww": 1.42, "kws": 1.95, "ic": 1.58, "ad": 2.39},
    {"system": "X-CUBE-AI 10.2, v1.3", "vww": 1.43, "kws": 1.96, "ic": 1.59, "ad": 2.18},
]
