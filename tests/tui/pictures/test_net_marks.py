"""Claims about the marks in pictures of a network: what the step has written or read, as in the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, bundled
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.net import net_page, net_text
from gradstep.tui.pictures.net.writing import MARKS
from gradstep.tui.text.notation import Notation
from tests.nets import (
    drawing,
    figures_drawn,
    graph_marks_drawn,
    graph_marks_told,
    graph_of,
    marks_told,
    page,
    parts,
    text_of,
    timeline_of,
    units_told,
    weights_drawn,
)
from tests.strategies import scenario_of, scenarios

NUMBER = re.compile(r"[+-]\d[\d.]*(?:e[+-]\d+)?")


@pytest.mark.parametrize(
    ("position", "wrote", "read"),
    [
        ("1:y", ["y +0.7514", "y +0.7729"], []),
        ("1:delta2", ["δ +0.1385", "δ -0.0381"], ["y +0.7514", "y +0.7729"]),
        (
            "1:dW2",
            ["∂+0.0822", "∂+0.0827", "∂-0.0226", "∂-0.0227"],
            ["z +0.5933", "z +0.5969", "δ +0.1385", "δ -0.0381"],
        ),
        ("1:db2", ["∂+0.1385", "∂-0.0381"], ["δ +0.1385", "δ -0.0381"]),
        ("1:W2_next", ["+0.3589", "+0.4087", "+0.5113", "+0.5614"], []),
        ("1:u2", ["u +1.1059", "u +1.2249"], ["z +0.5933", "z +0.5969", "+0.4", "+0.45", "+0.5", "+0.55", "+0.6"]),
    ],
)
def test_what_the_step_touches_is_lit_and_marked(position: str, wrote: list[str], read: list[str]) -> None:
    lines = page("mazur-2-2-2", position)
    text = drawing(lines)
    for lit, figures in (("written", wrote), ("read", read)):
        mark, style = MARKS[lit]
        styled = "\n".join(piece for line in parts(lines)[0] for piece, key in line.pieces if key == style)
        for figure in figures:
            assert mark + figure in text
            assert NUMBER.findall(figure)[0] in styled
    assert text.count("▸") == len(wrote)


@pytest.mark.parametrize("name", sorted({*bundled()} - {"two-layer-mnist"}))
def test_the_picture_marks_what_the_text_marks_at_every_step(name: str) -> None:
    timeline = timeline_of(name)
    for step in range(timeline.course.length(1) + 1):
        timeline.goto(f"1:{step}")
        check_marks(timeline.moment(), *((72, 18) if step % 2 else (240, 80)))


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.data())
def test_the_picture_of_a_random_network_marks_what_its_text_marks(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto(f"1:{data.draw(st.integers(0, timeline.course.length(1)))}")
    check_marks(timeline.moment(), *data.draw(st.sampled_from([(72, 18), (400, 120)])))


def check_marks(moment: Moment, width: int, height: int) -> None:
    """Every figure that the picture shows is marked as in the text; and of what the text marks, something is shown."""
    notation = Notation(moment.scenario.names, own=False)
    drawn = drawing(net_page(moment, notation, width, height))
    told = "\n".join(net_text(moment, notation))
    if not moment.scenario.network.layered:
        if width >= 240:  # otherwise numbers have fewer digits
            marks_drawn, marks = graph_marks_drawn(drawn), graph_marks_told(told)
            assert [mark[:3] for mark in marks_drawn] == [mark[:3] for mark in marks], moment.position
            assert [mark[3] for mark in marks_drawn] == pytest.approx([mark[3] for mark in marks], rel=0.01, abs=1e-12)
        return
    units, where = units_told(told), str(moment.position)
    for box, shown in figures_drawn(drawn).items():
        known = units[box]
        for sign in {sign for _, sign, _ in shown}:
            pairs = zip(of_sign(shown, sign), of_sign(known, sign), strict=True)
            for (mark, number), (mark_told, number_told) in pairs:
                assert mark == mark_told, (where, box, sign)
                if number != "·":
                    assert float(number) == pytest.approx(float(number_told), rel=0.01, nan_ok=True), (where, box, sign)
        for signs in ("uzyx", "∂δ"):
            marks, marks_of_unit = ({mark for mark, sign, _ in some if sign in signs} for some in (shown, known))
            assert max(marks, default=" ", key=" ◂▸".index) == max(marks_of_unit, default=" ", key=" ◂▸".index), where
    marks_of_all = marks_told(told)
    for weight, mark in weights_drawn(drawn).items():
        assert mark == marks_of_all[weight], (where, weight)


def of_sign(figures: list[tuple[str, str, str]], wanted: str) -> list[tuple[str, str]]:
    """The marks and numbers of those with a sign."""
    return [(mark, number) for mark, sign, number in figures if sign == wanted]


@pytest.mark.parametrize(
    ("step", "read", "other"), [("delta1", "◂u +1.2", "z +1.2"), ("E", "y +0.0871", "u +1.86"), ("dW2", "◂z +1.2", "u")]
)
def test_a_unit_shows_the_value_that_the_step_reads(step: str, read: str, other: str) -> None:
    text = drawing(page("relu-softmax-2-3-2", f"1:{step}"))
    assert read in text
    assert other not in text


def test_nothing_is_lit_at_the_start() -> None:
    assert not {key for line in page("mazur-2-2-2", "start") for _, key in line.pieces} & {"fresh", "selected"}


def test_where_weight_and_gradient_stand_beside_one_another_each_has_its_mark() -> None:
    text = drawing(page("and-perceptron", "1:W1_next", 116, 36))
    assert re.search(r"▸W⁺\[0,0\] [+-][\d.]+◂∂[+-]", text)
    text = drawing(page("and-perceptron", "1:dW1", 116, 36))
    assert re.search(r"━W\[0,0\] [+-][\d.]+▸∂[+-]", text)


SHARED = [("s1", "a", "b"), ("s2", "s1", "a"), ("s3", "s2", "s1"), ("s4", "s3", "b")]


def test_the_sum_of_the_gradients_of_a_shared_value_is_marked() -> None:
    timeline = graph_of(SHARED, a=2.0, b=3.0)
    drawn = {}
    for step in range(timeline.course.length(1) + 1):
        timeline.goto(f"1:{step}")
        check_marks(timeline.moment(), 240, 80)
        drawn[timeline.position.symbol] = drawing(net_page(timeline.moment(), Notation(timeline.names), 100, 30))
    assert "▸Σ" in drawn["ds1"]
    assert "◂Σ" in drawn["da_from_s1"]
    assert "▸Σ" in drawn["da"]
    timeline.goto("1:da")
    assert ">S" in text_of(net_page(timeline.moment(), Notation(timeline.names, ascii=True), 100, 30))
