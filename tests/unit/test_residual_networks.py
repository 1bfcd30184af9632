"""Residual chains: what makes rows hard, from a seed alone."""

from depthwise.codegen.formats.tflite.writer import write_model
from tests.support.residual_networks import residual_chain


def test_residual_chains_depend_on_the_seed_alone() -> None:
    assert write_model(residual_chain(3)) == write_model(residual_chain(3))
    assert write_model(residual_chain(3)) != write_model(residual_chain(4))
