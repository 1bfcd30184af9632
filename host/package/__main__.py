"""`python -m depthwise`: the command, where its script is not on the path."""

import sys

from depthwise.host.cli import main

sys.exit(main(prog_name="python -m depthwise"))
