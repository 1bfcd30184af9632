"""Choosing a schedule: what a budget picks, what no budget can, and what `depthwise plan` says."""

import functools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from depthwise.codegen.errors import DoesNotFitError, InputError
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.schedule import (
    Point,
    all_rows,
    choose,
    order_of,
    pick,
    plan_rows,
    point,
    points,
    state_bytes,
    whole_tensors,
)
from depthwise.codegen.targets.boards import board
from depthwise.host.cli import main
from depthwise.host.demo import MODEL
from tests.support.large_networks import detector
from tests.support.models import INT8_MODELS, model_path, read
from tests.support.networks import random_network
from tests.support.plain_schedule import lifetimes, simulate
from tests.support.work import calls_made


@functools.cache
def points_of(name: str) -> tuple[Point, ...]:
    """The points of a real model."""
    return points(optimize(read(name)).graph)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_no_point_beats_another_and_less_ram_costs_more_of_something(name: str) -> None:
    found = points_of(name)
    assert [p.ram_bytes for p in found] == sorted(p.ram_bytes for p in found)
    assert not any(a.beats(b) for a in found for b in found)
    assert found[0].plan is pick(found, None, None).plan


def test_the_search_of_a_large_network_says_how_far_it_is_and_takes_no_longer_than_a_few_simulations() -> None:
    graph, told = optimize(detector(100, branch=True), PassOptions(rewrite=False)).graph, []
    simulation = calls_made(lambda: lifetimes(graph, simulate(graph, all_rows(graph))))
    search = calls_made(lambda: points(graph, report=lambda done, of: told.append((done, of))))
    assert search < 8 * simulation
    assert told[0][0] == 0
    assert all(done < of for done, of in told)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 4 * len(graph.nodes)


def test_a_budget_picks_the_fastest_way_within_it() -> None:
    found = points_of("vww_96_int8")
    for budget in (16_000, 20_480, 40_000, 60_000):
        picked = pick(found, budget, None)
        assert picked.ram_bytes <= budget
        assert picked.cycles == min(p.cycles for p in found if p.ram_bytes <= budget)


def test_runs_of_calls_are_stored_as_one() -> None:
    found = points_of("vww_96_int8")[0]
    graph = found.plan.graph
    whole, rows = (order_of(p.plan) for p in (point(plan_rows(graph, whole_tensors(graph))), found))
    assert whole.calls == rows.calls
    assert len(whole.entries) < len(rows.entries) < rows.calls + len(graph.nodes) + 1


def test_vww_fits_in_15_kilobytes_and_kws_and_ic_in_less() -> None:
    limits = {"vww_96_int8": 15_136, "kws_dscnn_int8": 5_824, "ic_resnet8_int8": 13_380}
    for name, limit in limits.items():
        assert state_bytes(choose(optimize(read(name)).graph)) <= limit


def test_a_budget_that_is_too_small_names_both_numbers_and_the_closest_board(tmp_path: Path) -> None:
    with pytest.raises(DoesNotFitError, match=r"at least [0-9,]+ bytes of RAM, the budget is 1,024") as raised:
        export(MODEL, tmp_path / "p", ExportOptions(board=board("netduinoplus2"), ram=1024))
    assert "the closest board that holds it is stm32vldiscovery" in raised.value.hint
    assert not (tmp_path / "p").exists()
    with pytest.raises(DoesNotFitError, match=r"of flash for constants, the budget is 100"):
        export(MODEL, tmp_path / "p", ExportOptions(board=board("netduinoplus2"), flash=100))


def test_an_unknown_schedule_is_refused() -> None:
    with pytest.raises(InputError, match="no schedule 'columns'"):
        choose(optimize(random_network(1)).graph, "columns")


def test_plan_shows_the_points_as_a_table_and_as_json() -> None:
    shown = CliRunner().invoke(main, ["plan", str(MODEL), "--ram", "8K"])
    assert shown.exit_code == 0
    assert "whole" in shown.output
    answer = CliRunner().invoke(main, ["plan", str(MODEL), "--ram", "8K", "--json"])
    data = json.loads(answer.output)
    assert data["ram_budget"] == 8192
    assert sum(p["picked"] for p in data["points"]) == 1
    assert all(p["ram_bytes"] <= 8192 for p in data["points"] if p["picked"])


def test_plan_takes_its_budget_from_a_board_and_refuses_nonsense() -> None:
    assert CliRunner().invoke(main, ["plan", str(model_path("vww_96_int8")), "-b", "netduinoplus2"]).exit_code == 0
    refused = CliRunner().invoke(main, ["plan", str(MODEL), "--ram", "8Q"])
    assert refused.exit_code == 2
    assert "is no size" in refused.output
