"""`depthwise chip` of a board that has none."""

from tests.support.commands import call


def test_the_chip_of_an_unknown_board_is_one_clear_error() -> None:
    result = call("chip", "nucleo-z999")
    assert result.exit_code == 2
    assert "no board is called 'nucleo-z999'" in result.stderr
