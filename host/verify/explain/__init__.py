"""Why a board differs: hypotheses held against the checksum of what it computed, then patterns of what was seen."""
