"""How results look: tables and progress on a terminal, JSON for programs."""

from .screen import err, out, print_json, progress, progress_lines, stages, table

__all__ = ["err", "out", "print_json", "progress", "progress_lines", "stages", "table"]
