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

from .cause import Cause, CauseKind


def cause_of(error: DepthwiseError) -> Cause | None:
    """Cause of an error; None if it has nothing to do with a board."""
    match error:
        case StaleFirmwareError():
            kind = CauseKind.STALE
        case OtherBuildError():
            kind = CauseKind.OTHER_BUILD
        case CorruptionError():
            kind = CauseKind.OVERWRITTEN
        case RestartedError():
            kind = CauseKind.RESTARTED
        case LinkError():
            kind = CauseKind.LINK
        case InputError():
            kind = CauseKind.PROMISE
        case _:
            return None
    return Cause(kind, error.message, (), error.hint)
