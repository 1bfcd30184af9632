"""The command line, called as its user does."""

from click.testing import CliRunner, Result

from depthwise.host.cli import main


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)
