"""Projects of the bundled model whose C is changed behind the export: firmware that is really broken."""

from typing import Final

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.kept import scratch

Edit = tuple[str, str, str]
# In a new text: the whole line that begins with the old one.
THE_LINE: Final = "\0"

SINGLE_ROUNDING: Final = (
    "network/dw_plain.h",
    "    return dw_narrowed((((dw_high(sum, multiplier) + 1) >> shift) + half) >> 1);",
    (
        "    const int64_t product = (int64_t)sum * multiplier + (INT64_C(1) << (30 + shift));\n"
        "    return dw_narrowed((int32_t)(product >> (31 + shift)) + ((half - 1) >> 1));"
    ),
)
SINGLE_ROUNDING_SIGNED: Final = (
    "network/dw_plain.h",
    (
        "    const int32_t value = dw_high(sum, multiplier) + ((sum >> 31) | 1);\n"
        "    return (int8_t)dw_clamped(((value >> shift) + half) >> 1, minimum, maximum);"
    ),
    (
        "    const int64_t product = (int64_t)sum * multiplier + (INT64_C(1) << (30 + shift));\n"
        "    const int32_t output = (int32_t)(product >> (31 + shift)) + ((half - 1) >> 1);\n"
        "    return (int8_t)dw_clamped(output, minimum, maximum);"
    ),
)
SINGLE_ROUNDING_ELSEWHERE: Final = (
    "network/dw_fixedpoint.h",
    "    return dw_rounding_divide(product, right);",
    (
        "    const int64_t whole = (int64_t)value * multiplier + (INT64_C(1) << (30 - shift));\n"
        "    return right > 0 ? (int32_t)(whole >> (31 - shift)) : product;"
    ),
)


def patched(board_name: str, *edits: Edit, trace: bool = True, canary: bool = False) -> Project:
    """Export the bundled model, change files of the project, build it. Each edit is (file, old text, new text)."""
    folder = scratch() / "project"
    export(MODEL, folder, ExportOptions(board=board(board_name), trace=trace, canary=canary))
    project = open_project(folder)
    for name, old, new in edits:
        path = folder / name
        path.write_text(_edited(path.read_text(), old, new))
    build(project)
    return project


def _edited(whole: str, old: str, new: str) -> str:
    assert old in whole, old
    if THE_LINE in new:
        line = next(line for line in whole.split("\n") if line.strip().startswith(old))
        return whole.replace(line, new.replace(THE_LINE, line), 1)
    return whole.replace(old, new, 1)


def behind(call: str, code: str) -> Edit:
    """Put code behind the call of a layer's function, which begins with `call`, in the network's step function."""
    return "network/digits.c", call, f"{THE_LINE}\n        {code}"
