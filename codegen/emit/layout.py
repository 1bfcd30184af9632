"""Rendered C in the project's layout where lengths depend on numbers and names: clang-format would change nothing."""

import re
from typing import Final

LINE: Final = 100
INDENT: Final = "    "
ATTRIBUTE: Final = r"(?:[\w ]+__attribute__\(\(\w+\)\) )?"
CALL: Final = re.compile(rf"( *)((?:[\w* ]+ = )?{ATTRIBUTE}[\w* ]*\w(?<!__attribute__)\()(.*)")
ENUM: Final = re.compile(r"( *)enum \{ (.*) \};")
BRACES: Final = re.compile(r"(.*= | +)\{ (.*) \}([,;](?: \\)?)")
CHOICE: Final = re.compile(r"( *return \w+) (\? .*) (: .*;)")
VALUE: Final = re.compile(r"( *)([\w* ]+ =) (.*;)")


def tidy(text: str) -> str:
    """Break long enums, calls, choices, declarations of functions and of values; no blanks inside braces of values."""
    return "".join(_broken(line) for line in text.splitlines(keepends=True))


def _broken(line: str) -> str:
    code = line.rstrip("\n")
    if "{ " in code and (found := BRACES.fullmatch(code)):
        inside = found[2].replace("{ ", "{").replace(" }", "}")
        return f"{found[1]}{{{inside}}}{found[3]}\n"
    if len(code) <= LINE or code.lstrip().startswith(("/", "*", "#")):
        return line
    if found := ENUM.fullmatch(code):
        indent, members = found[1], found[2].split(", ")
        return _lines(f"{indent}enum {{", *(f"{indent}{INDENT}{m}" for m in _with_commas(members)), f"{indent}}};")
    if found := CHOICE.fullmatch(code):
        return _lines(f"{found[1]} {found[2]}", f"{' ' * len(found[1])} {found[3]}")
    if (found := VALUE.fullmatch(code)) and not _breaks_behind(found):
        return _lines(f"{found[1]}{found[2]}") + _broken(f"{found[1]}{INDENT}{found[3]}\n")
    if found := CALL.fullmatch(code):
        return _lines(*_arguments(found[1] + found[2], found[3].split(", "), found[1] + INDENT))
    return line


def _breaks_behind(value: re.Match[str]) -> bool:
    """Tell whether a value is a call that is broken behind its parenthesis, since a line of its own would not do."""
    start, opened, _ = value[0].partition("(")
    below = len(value[1]) + len(INDENT) + len(value[3])
    return bool(opened) and below > LINE and len(start) < LINE


def _arguments(head: str, arguments: list[str], indent: str) -> list[str]:
    """Arguments behind their parenthesis, or below it where one line holds them all or the first one does not fit."""
    behind, below = _filled(head, arguments, indent), _filled(indent, arguments, indent)
    return [head, *below] if len(below) == 1 or len(behind[0]) > LINE else behind


def _filled(start: str, arguments: list[str], indent: str) -> list[str]:
    """Arguments in lines as long as they may be, the first one behind `start`."""
    lines, line = [], start
    for argument in _with_commas(arguments):
        space = "" if line in {start, indent} else " "
        if len(line) + len(space) + len(argument) > LINE and space:
            lines.append(line)
            line, space = indent, ""
        line += f"{space}{argument}"
    return [*lines, line]


def _with_commas(items: list[str]) -> list[str]:
    return [*(f"{item}," for item in items[:-1]), items[-1]]


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)
