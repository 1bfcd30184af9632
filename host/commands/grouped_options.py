"""Options of the command line that a command is given as one value."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

Command = Callable[..., None]


def grouped(name: str, made: Callable[..., object], *options: Callable[[Command], Command]) -> Callable[..., Command]:
    """Give a command options, in this order, whose values it gets as `name`: what `made` makes of them.

    `made` is called with the options' values by keyword; its parameters are the options' names.
    """
    names = tuple(inspect.signature(made).parameters)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def wrapped(*arguments: Any, **given: Any) -> None:
            value = made(**{key: given.pop(key) for key in names})
            command(*arguments, **{name: value}, **given)

        result: Command = wrapped
        for option in reversed(options):
            result = option(result)
        return result

    return decorate
