"""Finds the speed at which a silent board does answer, which tells what is wrong with its clock."""

from typing import Final

from .board_link import BoardLink
from .ports import BAUD

# Crystals (the real one, the one meant) whose ratio firmware gets wrong, in MHz; they change the speed alike.
CRYSTALS: Final = ((8, 25), (25, 8), (8, 12), (12, 8), (8, 16), (16, 8), (24, 25), (25, 24))
USUAL: Final = (9_600, 19_200, 38_400, 57_600, 230_400, 460_800, 921_600)


def answering_speed(link: BoardLink) -> str:
    """What a wrong speed tells, as a clause; empty if the board answers at none of the speeds that are tried."""
    try:
        for real, meant in CRYSTALS:
            baud = round(BAUD * real / meant)
            if link.set_speed(baud) and link.answers():
                return (
                    f"the board answers at {baud:,} baud instead of {BAUD:,}: its clock runs at {real / meant:.2f} "
                    f"of what its firmware was built for, as with a crystal of {real} MHz where {meant} are meant"
                )
        for baud in USUAL:
            if link.set_speed(baud) and link.answers():
                return f"the board answers at {baud:,} baud instead of {BAUD:,}"
    finally:
        link.set_speed(BAUD)
    return ""
