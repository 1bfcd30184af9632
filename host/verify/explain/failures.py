"""Why boards could not be compared, as causes: each error of the tree that a verification can end with."""

from depthwise.codegen.errors import (
    CorruptionError,
    DepthwiseError,
    InputError,
    LinkError,
    OtherBuildError,
    RestartedError,
    StaleFirmwareError,
)

from .cause import Cause, Kind


def cause_of(error: DepthwiseError) -> Cause | None:
    """Cause of an error; None if it has nothing to do with a board."""
    match error:
        case StaleFirmwareError():
            kind = Kind.STALE
        case OtherBuildError():
            kind = Kind.OTHER_BUILD
        case CorruptionError():
            kind = Kind.OVERWRITTEN
        case RestartedError():
            kind = Kind.RESTARTED
        case LinkError():
            kind = Kind.LINK
        case InputError():
            kind = Kind.PROMISE
        case _:
            return None
    return Cause(kind, error.message, (), error.hint)
