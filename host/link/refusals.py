"""What a board's refusals mean: each status that is not OK as an error with the next step."""

from depthwise.codegen.errors import CorruptionError, DepthwiseError, InputError, LinkError, RestartedError

from .protocol import Command, Status


def refusal(command: Command, status: int, body: bytes) -> DepthwiseError:
    """Error for an answer's status; `body` is what came with it."""
    name = Status(status).name if status in set(Status) else str(status)
    number = int.from_bytes(body[:4], "little")
    match status:
        case Status.CANARY_DIED:
            call = int.from_bytes(body[4:8], "little")
            return CorruptionError(
                f"memory is corrupted: bytes behind the buffer that ends at offset {number:,} were written to, "
                f"first noticed behind call {call}",
                "the memory map at the head of the generated C names the buffer",
            )
        case Status.BROKEN_PROMISE:
            value = int.from_bytes(body[4:5], "little", signed=True)
            return InputError(
                f"the board found input value {value} at position {number}, outside of the range "
                "that the network was exported for",
                "export it again with a wider --assume-input-range, or without",
            )
        case Status.NOT_READY | Status.GAP:
            return RestartedError(
                f"the board refused {command.name}: {name} ({number}); it has forgotten what it was told: it restarted",
                "check its supply, its stack, and what else can reset it (a watchdog, the port's control lines)",
            )
        case Status.CAMERA_FAILED:
            return _no_picture(command)
        case Status.UNKNOWN_COMMAND if command is Command.CAMERA:
            return _no_camera()
        case Status.UNKNOWN_COMMAND:
            return LinkError(f"the board does not know {command.name}", "build and flash firmware of this version")
        case _:
            return LinkError(f"the board refused {command.name}: {name} ({number})")


def _no_picture(command: Command) -> LinkError:
    return LinkError(
        f"the board's camera gives no picture ({command.name})",
        "see to its wiring and supply, and to what dw_camera_begin and dw_camera_row do (camera.h)",
    )


def _no_camera() -> LinkError:
    return LinkError(
        "the board's firmware takes no pictures",
        "export with --capture (depthwise export MODEL -b BOARD --capture -o FOLDER), build and flash it",
    )
