"""The comparison with the golden model: a program that fails is told, and which one it was."""

from dataclasses import replace
from pathlib import Path

import pytest

from depthwise.codegen.schedule import state_bytes
from tests.support import programs
from tests.support.exactness import problem_of
from tests.support.exactness_cases import case


def test_a_network_that_leaves_its_state_is_stopped_and_named(tmp_path: Path) -> None:
    good, bad = case("good"), case("bad")
    assert problem_of([good], tmp_path) is None
    inner = bad.plan.graph.nodes[1].output
    rings = tuple((g, state_bytes(bad.plan) if inner in g.tensors else offset) for g, offset in bad.plan.rings)
    beyond = replace(bad, plan=replace(bad.plan, rings=rings))
    found = problem_of([good, beyond, case("last")], tmp_path)
    assert found is not None
    assert found.case == "bad"
    assert "AddressSanitizer: global-buffer-overflow" in found.seen


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_what_is_undefined_stops_the_program_and_is_told(
    compiler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = 'fprintf(stderr, "running %s.c\\n", name);'
    assert running in programs.HEAD
    beyond = f"{running} volatile int largest = INT32_MAX; largest = largest + (name[0] == 'b');"
    monkeypatch.setattr(programs, "HEAD", programs.HEAD.replace(running, beyond))
    found = problem_of([case("good"), case("bad"), case("last")], tmp_path, compiler)
    assert found is not None
    assert found.case == "bad"
    assert "signed integer overflow" in found.seen


def test_a_network_that_does_not_compile_is_named(tmp_path: Path) -> None:
    bad = case("bad")
    found = problem_of([case("good"), replace(bad, plan=replace(bad.plan, arena_bytes=-4))], tmp_path)
    assert found is not None
    assert found.case == "bad"
    assert "error:" in found.seen
