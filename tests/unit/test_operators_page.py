"""docs/reference/operators.md: made from the rooms, and what stands there of other engines has its source."""

import json
import tomllib
from typing import Any

import pytest

from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.instead import INSTEAD
from depthwise.codegen.operators import OPERATORS, Operator
from docs.make.operators import COMPARED, PAGE, limits, page, sentence
from docs.make.peers import FACTS, Peer, peers
from tests.support.places import ROOT


def test_the_page_is_that_of_the_rooms() -> None:
    assert PAGE.read_text() == page(json.loads(COMPARED.read_text())), "`make map` writes it"


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o.kind)
def test_every_operator_has_a_line_with_its_room(operator: Operator[Any]) -> None:
    room = f"[{operator.kind}](../../codegen/operators/{operator.kind.lower()}.py)"
    assert PAGE.read_text().count(f"\n| {room} | ") == 1


def test_what_an_operator_computes_and_refuses_is_read_in_its_docstring() -> None:
    class Documented:
        """Reads a.b; writes
        both. Then more.

        Limits: rank 4,
        no groups.

        Something else.
        """

    assert sentence(Documented) == "Reads a.b; writes both"
    assert limits(Documented) == "rank 4, no groups"


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.title)
def test_what_another_engine_takes_are_operators_of_tensorflow_lite(peer: Peer) -> None:
    assert [kind for kind in peer.takes if kind not in schema.OPERATORS and not kind.startswith("CUSTOM ")] == []
    assert all(cell and not source.startswith("/") for cell, source in peer.takes.values())
    assert len(peer.commit) == 40


def test_no_operator_of_an_engine_is_read_in_two_files() -> None:
    for facts in tomllib.loads(FACTS.read_text()).values():
        kinds = [kind for takes in facts["sources"].values() for kind in takes]
        assert sorted(set(kinds)) == sorted(kinds)


def test_an_unknown_operator_is_shown_where_all_are_listed() -> None:
    assert str(PAGE.relative_to(ROOT)) in INSTEAD
