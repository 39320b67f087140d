"""Claims about numbers beside an edit: arithmetic is with what was read, and users are those of the number as it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.chainrule import chain, stale_in
from gradstep.engine.analysis.explain import element_at, explain, reach, reached
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import WRONG
from gradstep.engine.program.expression import Element, elements_of
from gradstep.tui.pages.explanation import as_json, tell
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_drawing
from gradstep.tui.pictures.net.text import net_text
from gradstep.tui.text.notation import Notation
from tests.engine.analysis.test_abbreviate import LOGITS
from tests.engine.analysis.test_explain import check_element, elements
from tests.screen import Still, driven
from tests.strategies import scenario_of, scenarios
from tests.walks import RUNNABLE

MAZUR = "mazur-2-2-2"


def edited(scenario: str, at: str, name: str, value: float, then: str = "") -> Timeline:
    """A run with one number set by hand, and the cursor there or at a later place."""
    timeline = Timeline(load_scenario(scenario))
    timeline.goto(at)
    timeline.edit(name, value)
    timeline.goto(then or at)
    return timeline


def told(timeline: Timeline, name: str) -> list[str]:
    """The explanation of an element, unrolled."""
    lines = tell(timeline, element_at(timeline, name), Notation(timeline.names), 200, digits=9, unroll=True).lines
    return ["".join(text for text, _ in line.pieces) for line in lines]


@given(scenarios(iterations=2), st.data())
@settings(max_examples=40, deadline=None)
def test_every_line_evaluates_to_the_number_whatever_was_set_by_hand(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text))
    iteration = data.draw(st.integers(1, timeline.course.iterations))
    places = sorted(data.draw(st.lists(st.integers(1, timeline.course.length(iteration)), min_size=1, max_size=3)))
    for place in places:
        timeline.goto(f"{iteration}:{place}")
        element = data.draw(st.sampled_from(elements(timeline)))
        name = f"{element.symbol}[{','.join(map(str, element.index))}]" if element.index else element.symbol
        timeline.edit(name, data.draw(st.sampled_from([-1.5, 0.0, 0.25, 2.0])))
    timeline.goto(f"{iteration}:{data.draw(st.integers(places[-1], timeline.course.length(iteration)))}")
    for element in elements(timeline):
        check_element(timeline, element)


@given(scenarios(iterations=1), st.data())
@settings(max_examples=40, deadline=None)
def test_what_a_number_set_by_hand_does_not_reach_is_the_same_for_any_other_number(
    text: str, data: st.DataObject
) -> None:
    timeline = Timeline(scenario_of(text))
    length = timeline.course.length(1)
    place = data.draw(st.integers(1, length))
    timeline.goto(f"1:{place}")
    element = data.draw(st.sampled_from(elements(timeline)))
    name = f"{element.symbol}[{','.join(map(str, element.index))}]" if element.index else element.symbol
    original, values = timeline.branch.name, []
    for number in (0.5, 1.5):
        timeline.switch(original)
        timeline.goto(f"1:{place}")
        edit = timeline.edit(name, number).edits[-1]
        assume(len(timeline.branch.machine.batches.places(edit)) == 1)  # or it is several elements that were set
        element = Element(edit.symbol, edit.index)  # of a parameter that was updated, the updated one
        timeline.goto(f"1:{length}")
        values.append(timeline.values())
    marks, phases = reached(timeline, element), reach(timeline.program, element.symbol)
    for step in timeline.program.steps[:length]:
        if step.phase in phases and step.symbol != element.symbol:
            one, other = (each[step.symbol] for each in values)
            differs = (one != other) & ~(np.isnan(one) & np.isnan(other))
            assert not (differs & ~marks.get(step.symbol, np.zeros(one.shape, dtype=bool))).any(), step.symbol


def test_what_was_read_before_is_written_with_what_it_was_then() -> None:
    timeline = edited(MAZUR, "1:dz1", "w5", 9.0)
    lines = told(timeline, "dz1[0,0]")
    assert "            = 0.138498562 × 0.4 + (-0.038098237) × 0.5 = 0.036350306" in lines
    assert lines.count("⚠ w5 was 0.4 when it was read here; only later, at 1:∂E/∂out_h, it was set by hand") == 2
    explanation = explain(timeline, element_at(timeline, "net_o1"))
    assert explanation.earlier == {Element("W2", (0, 0)): 0.4}
    assert "net_o1  = out_h1 · w5 + out_h2 · w6 + b2[0]" in told(timeline, "net_o1")
    timeline.goto("1:dW1")
    assert not any("⚠" in line for line in told(timeline, "delta_h1")[:4])


def test_who_uses_it_is_who_reads_it_as_it_is() -> None:
    timeline = edited(MAZUR, "1:dz1", "w5", 9.0, "1")
    explanation = explain(timeline, element_at(timeline, "w5"))
    assert {user.symbol for user in explanation.used_by} == {"W2_next"}
    assert reached(timeline, element_at(timeline, "w5")) == {}
    timeline = edited(MAZUR, "1:z1", "out_h1", 0.5, "1")  # w1 has no part in what is made of it
    assert {user.symbol for user in explain(timeline, element_at(timeline, "net_h1")).used_by} == set()
    assert not reached(timeline, element_at(timeline, "w1")).keys() & {"z1", "u2", "y", "E"}
    assert reached(timeline, element_at(timeline, "w3")).keys() == {"u1", "z1", "u2", "y", "E"}


@given(scenarios(iterations=1), st.data())
@settings(max_examples=80, deadline=None)
def test_where_the_check_finds_a_gradient_wrong_the_chain_rule_says_what_was_set_in_between(
    text: str, data: st.DataObject
) -> None:
    timeline = Timeline(scenario_of(text))
    for _ in range(data.draw(st.integers(1, 2))):
        timeline.goto(f"1:{data.draw(st.integers(1, timeline.course.length(1)))}")
        names = sorted({*timeline.values()} - {"t", timeline.program.loss})
        name = data.draw(st.sampled_from(names))
        index = ",".join(str(data.draw(st.integers(0, size - 1))) for size in timeline[name].shape)
        timeline.edit(f"{name}[{index}]" if index else name, data.draw(st.sampled_from([-1.5, 0.25, 2.0])))
    timeline.goto("1")
    provenance = timeline.provenance()
    for matrix in check(timeline, most=40).matrices:
        for element in matrix.elements:
            if element.verdict == WRONG and Element(matrix.gradient, element.index) not in provenance.by_hand:
                gradient = Element(matrix.gradient, element.index)
                assert [*stale_in(provenance, timeline.course, [gradient])], (matrix.symbol, element)


@pytest.mark.parametrize(
    ("at", "name", "value", "element", "told"),
    [
        ("1:E", "i1", 0.7, "dw1", "net_h1 was made with i1 = 0.05, which was set by hand only later, at 1:E_total"),
        ("1:E", "i1", 0.7, "dw2", ""),
        ("1:out_h", "out_h1", 0.7, "dw1", "out_h1 was set by hand at 1:out_h: what flows back through it"),
        ("1:out_h", "out_h1", 0.7, "dw5", ""),  # of net_o as it is made of the 0.7
        ("1:net_o", "w5", 0.7, "dw1", "net_o1 was made with w5 = 0.4, which was set by hand only later, at 1:net_o"),
        ("1:net_o", "w5", 0.7, "dw7", ""),
        ("1:E", "out_o1", 0.7, "dw5", "out_o1 was set by hand at 1:E_total: what flows back through it"),
        ("1:x", "i1", 0.7, "dw1", ""),
    ],
)
def test_a_gradient_beside_an_edit_says_what_keeps_it_from_being_one(
    at: str, name: str, value: float, element: str, told: str
) -> None:
    timeline = edited(MAZUR, at, name, value, "1")
    found = tell(timeline, element_at(timeline, element), Notation(timeline.names), 200, digits=9, unroll=False).lines
    warned = ["".join(text for text, _ in line.pieces) for line in found if "⚠" in str(line.pieces)]
    assert [told in line for line in warned] == ([True] if told else [])
    assert (not told) == all(
        each.verdict == "agrees"
        for matrix in check(timeline).matrices
        for each in matrix.elements
        if Element(matrix.gradient, each.index) == element_at(timeline, element)
    )
    if told:
        explained = Still(timeline).put("slash", element).press("x").drawer
        assert told[:30] in " ".join(explained.split())


def test_the_panel_names_another_element_of_the_gradient_where_only_that_is_spoiled() -> None:
    still = Still().goto("1:z1").put("e", "out_h2 = 0.9")
    for step, element in (("delta1", "delta_h2"), ("dW1", "∂E/∂w3"), ("db1", "∂E/∂b1[1]")):
        warned = still.goto(f"1:{step}").panel("step").partition("⚠")[2]
        assert warned.lstrip().startswith(f"of {element}: out_h2 was set by hand at 1:out_h"), step
    for step in ("dW2", "db2", "u2", "W1_next"):
        assert "⚠" not in still.goto(f"1:{step}").panel("step")


def test_what_nothing_flows_through_spoils_nothing() -> None:
    timeline = edited("relu-softmax-2-3-2", "start", "b1[0]", -99.0, "1:u1")  # its first unit is dead
    timeline.edit("x[0,0]", 5.0)
    timeline.goto("1:dW1")
    provenance = timeline.provenance()
    assert [*stale_in(provenance, timeline.course, [Element("dW1", (0, 0))])] == []
    assert [*stale_in(provenance, timeline.course, [Element("dW1", (0, 1))])] != []


async def test_targets_that_do_not_sum_to_1_any_more_are_told_wherever_a_gradient_takes_them_to() -> None:
    timeline = edited("relu-softmax-2-3-2", "1:t", "t[0,0]", 0.5, "1:delta2")
    said = "row 0 of t sums to 1.5; (y − t)/N is the gradient only where it is 1"
    assert any(said in line for line in told(timeline, "delta2[0,1]"))
    assert not any("sums to" in line for line in told(timeline, "z1[0,0]"))
    async with driven(timeline) as screen:
        assert "row 0 of t sums to 1.5" in screen.text
        await screen.press("h")
        assert "Where each row of the targets" in screen.text
        assert "row 0 of t sums to 1.5" in screen.text
        await screen.press("escape", "S", "h")
        assert "row 0 of t sums to 1.5" not in screen.text


def test_the_chain_ends_at_a_gradient_that_was_set_by_hand() -> None:
    timeline = edited(MAZUR, "1:delta2", "delta2[0,0]", 0.9, "1:dW2")
    link = chain(timeline.provenance(), timeline.course, element_at(timeline, "dw5"))
    assert link is not None
    upstream = link.terms[0].upstream
    assert (upstream.value, upstream.expression, upstream.terms) == (0.9, None, ())
    warning, line = (line for line in told(timeline, "dw5") if "set by hand" in line)
    assert warning.startswith("⚠ delta_o1 was set by hand at 1:delta_o: what flows back through it is no derivative")
    assert re.fullmatch(r"  delta_o1, set by hand at 1:delta2 \(fork-1\) +0\.9", line)


async def test_the_panel_of_the_step_says_what_was_set_by_hand() -> None:
    async with driven() as screen:
        await screen.type_position("1:delta2")
        await screen.ask("e", "delta_o1 = 0.9")
        assert "delta_o1: set by hand at 1:delta2 (fork-1)" in screen.text
        assert "0.741365070 × 0.751365070" not in screen.text
        await screen.type_position("1:dz1")
        await screen.ask("e", "w5 = 7")
        assert "0.9 × 0.4 + (-0.038098237) × 0.5" in screen.text
        assert "w5 was 0.4 when it was read here" in screen.text
        await screen.press("ctrl+right")  # ∂E/∂out_h2 is not made of w5, but the table of W2 has it
        assert "w5 was 0.4 when it was read here" in screen.text
        await screen.press("slash")
        await screen.answer("net_o1")
        assert "w5 was 0.4 when it was read here" in screen.text
        await screen.press("escape", "x")
        assert "w5 = 0.4 a parameter" in " ".join(screen.text.split())
        await screen.press("down", "enter")
        assert "w5 = 7   set by hand at 1:dz1 (fork-2)" in screen.text


async def test_the_panel_of_the_step_says_of_earlier_edits_what_the_explanation_says() -> None:
    async with driven() as screen:
        await screen.type_position("1:x")
        await screen.ask("e", "i1 = 0.3")
        await screen.type_position("3:x")
        assert "i1: a number of the data, set by hand at 1:x (fork-1)" in screen.text
        await screen.type_position("1:t")
        await screen.ask("e", "w1 = 0.5")
        await screen.type_position("1:u2")
        assert "when it was read here" not in screen.text


async def test_what_lends_only_its_shape_was_not_read() -> None:
    async with driven("apples") as screen:
        await screen.type_position("1:dprice")
        await screen.ask("e", "price = 5")
        assert "dprice = 1" in screen.text
        assert "when it was read here" not in screen.text


@pytest.mark.parametrize("name", RUNNABLE)
def test_a_step_reads_what_its_arithmetic_is_made_of(name: str) -> None:
    program = load_scenario(name).program
    for step in program.steps:
        shape = program.symbols[step.symbol].shape
        made = program.element(step.symbol, tuple(0 for _ in shape))
        if made is not None:
            assert {element.symbol for element in elements_of(made)} <= {*step.read} <= {*step.operands}


def test_of_many_numbers_that_were_set_since_it_is_said_how_many() -> None:
    timeline = Timeline(load_scenario("relu-softmax-2-3-2"))
    timeline.goto("1:u1")
    for index in range(2):
        timeline.edit(f"x[0,{index}]", 7.0)
        timeline.edit(f"W1[{index},0]", 7.0)
    assert "⚠ 4 of its numbers were others when they were read here; only later they were set by hand" in told(
        timeline, "u1[0,0]"
    )


def test_what_an_iteration_starts_from_says_where_it_was_set_by_hand_and_in_which_fork() -> None:
    timeline = edited(MAZUR, "1:W1_next", "learning_rate", 2.0)
    timeline.goto("1:W2_next")
    timeline.edit("w5_next", 7.0)
    timeline.goto("2:u1")
    timeline.edit("w1", 0.5)
    said = {
        "learning_rate": "set by hand at 1:W1_next (fork-1)",
        "w5": "set by hand at 1:W2_next (fork-2)",
        "w6": "what iteration 1 updated it to: 1:W2_next",
        "w1": "set by hand at 2:u1 (fork-3)",
    }
    assert {name: explain(timeline, element_at(timeline, name)).origin for name in said} == said
    timeline.goto("3:u1")
    followed = {"w5": "W2_next", "w6": "W2_next", "w1": "W1_next"}
    said |= {name: f"what iteration 2 updated it to: 2:{symbol}" for name, symbol in followed.items()}
    assert {name: explain(timeline, element_at(timeline, name)).origin for name in said} == said
    timeline.switch("original")
    assert explain(timeline, element_at(timeline, "learning_rate")).origin == "given by the scenario"


def test_where_all_users_had_been_computed_before_that_is_said() -> None:
    timeline = edited(MAZUR, "1:u2", "net_h1", 1.0)
    assert "nobody since it was set by hand: out_h was computed before that" in told(timeline, "net_h1")
    timeline = edited("relu-softmax-2-3-2", "1:E", "u2[0,0]", 5.0, "1")
    line = next(line for line in told(timeline, "u2[0,0]") if line.startswith("nobody"))
    assert line == "nobody since it was set by hand: 出力1 was computed before that"


def test_a_picture_marks_nothing_that_was_set_by_hand_after_the_step() -> None:
    timeline = edited(MAZUR, "1:dW1", "i1", 0.3)
    timeline.edit("dw1", 2.0)
    text = "\n".join(net_text(timeline.moment(), Notation(timeline.names)))
    assert "i1 = +0.3\n" in text
    assert "i2 = +0.1 (read by this step)" in text
    assert "∂E/∂w1 = +2 (written" not in text
    assert text.count("(written by this step)") == 3
    timeline.goto("1:db1")
    timeline.goto("1:W1_next")
    assert "∂E/∂w1 = +2 (read by this step)" in "\n".join(net_text(timeline.moment(), Notation(timeline.names)))


@pytest.mark.parametrize("ascii", [False, True])
def test_a_picture_says_what_was_set_by_hand_after_it_was_read(ascii: bool) -> None:
    timeline = edited(MAZUR, "1:E", "i1", 0.7)
    sign = "!" if ascii else "⚠"

    def shown() -> tuple[str, str]:
        notation = Notation(timeline.names, ascii=ascii)
        page = net_drawing(timeline.moment(), View(notation), 110, 30).text
        return page, "\n".join(net_text(timeline.moment(), notation))

    assert all(f"{sign} i1: set by hand after it was read" in text for text in shown())
    timeline.edit("w5", 0.7)
    assert all(f"{sign} i1, w5: set by hand after they were read" in text for text in shown())
    timeline.edit("w6", 0.7)
    assert all(f"{sign} 3 numbers: set by hand after they were read" in text for text in shown())
    timeline.goto("1:t")
    assert not any("set by hand" in text for text in shown())
    timeline.edit("i1", 0.3)
    timeline.goto("1")
    assert not any("set by hand" in text for text in shown())


def test_a_number_that_no_later_step_reads_is_no_cause_of_a_wrong_gradient() -> None:
    timeline = edited(MAZUR, "1:dW1", "w5", 0.1)
    assert check(timeline).passed
    timeline.edit("delta_h1", 0.5)
    causes = {matrix.symbol: [cause.symbol for cause in matrix.causes] for matrix in check(timeline).matrices}
    assert causes["b1"] == ["delta1"]
    assert causes["W2"] == []


def test_a_number_of_the_data_that_was_set_by_hand_says_so_later(tmp_path: Path) -> None:
    file = tmp_path / "logits.toml"
    file.write_text(LOGITS, encoding="utf-8")
    timeline = edited(str(file), "1:x", "x[1,0]", 3.0, "2:x")
    assert explain(timeline, Element("x", (1, 0))).origin == "a number of the data, set by hand at 1:x (fork-1)"
    assert explain(timeline, Element("x", (0, 0))).origin == "a number of the data"


def test_factors_as_json_have_the_value_that_was_read() -> None:
    timeline = edited(MAZUR, "1:dz1", "w5", 9.0)
    found = as_json(timeline, element_at(timeline, "dz1[0,0]"), unroll=True)
    assert {factor["name"]: factor["value"] for factor in found["factors"]}["w5"] == 0.4
    assert re.fullmatch(r"0\.1384\d+ × 0\.4 \+ \(-0\.0380\d+\) × 0\.5", found["numbers"])
    assert found["unrolled"]["evaluates_to"] == pytest.approx(found["value"], rel=1e-12)
