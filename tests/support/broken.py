"""Projects of the bundled model whose C is changed behind the export: firmware that is really broken."""

from typing import Final

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.demo import MODEL
from depthwise.host.project import Project, open_project
from tests.support.kept import scratch

Edit = tuple[str, str, str]

SINGLE_ROUNDING: Final = (
    "network/dw_plain.h",
    "    return dw_narrowed(((dw_high(sum, multiplier) >> shift) + half) >> 1);",
    (
        "    const int64_t product = (int64_t)sum * multiplier + (INT64_C(1) << (31 + shift));\n"
        "    return dw_narrowed((int32_t)(product >> (32 + shift)) + ((half - 1) >> 1));"
    ),
)
SINGLE_ROUNDING_SIGNED: Final = (
    "network/dw_plain.h",
    (
        "    const int32_t value = dw_high(sum, multiplier);\n"
        "    const int32_t output = (((value + (value >> 31)) >> shift) + half) >> 1;"
    ),
    (
        "    const int64_t product = (int64_t)sum * multiplier + (INT64_C(1) << (31 + shift));\n"
        "    const int32_t output = (int32_t)(product >> (32 + shift)) + ((half - 1) >> 1);"
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
        whole = path.read_text()
        assert old in whole, (name, old)
        path.write_text(whole.replace(old, new, 1))
    build(project)
    return project


def behind(call: str, code: str) -> Edit:
    """Put code behind the call of a layer's function, which begins with `call`, in the network's step function."""
    source = next(text for text in _source().split("\n") if text.strip().startswith(call))
    return "network/digits.c", source, f"{source}\n        {code}"


def _source() -> str:
    folder = scratch() / "project"
    export(MODEL, folder, ExportOptions(board=board("host"), trace=True))
    return (folder / "network" / "digits.c").read_text()
