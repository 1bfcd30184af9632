"""`depthwise demo` from the bundled model to the verdict."""

from tests.support.commands import call


def test_the_demo_runs_everything_and_keeps_nothing() -> None:
    result = call("demo")
    assert result.exit_code == 0
    assert "0 bytes differ" in result.output
