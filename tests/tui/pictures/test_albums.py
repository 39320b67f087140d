"""Claims about the pictures that there are: their names and order, why there is none, that each fills its room."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.analysis.trends import Trends, trends
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.albums import next_picture, picture_names, picture_panel, picture_text
from gradstep.tui.text.notation import Notation

SCENARIOS = ("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "apples")


def view_of(run: Timeline, *, ascii: bool = False, plain: bool = False) -> View:
    return View(Notation(run.names, ascii=ascii), plain=plain)


def computing() -> Trends | None:
    return None


def test_the_names_are_the_same_at_every_step_and_say_why_there_is_none() -> None:
    run = Timeline(load_scenario("two-layer-digits"))
    view = view_of(run)
    before = picture_names(run.moment(), view)
    assert [each.name for each in before] == [
        *("net", "heat map", "learned", "norms", "images of x", "images of W1", "images of ∂E/∂W1", "images of W1⁺")
    ]
    reasons = {each.name: each.reason for each in before}
    assert reasons["learned"] == "a row of the data has 64 inputs; a plane needs exactly two"
    assert reasons["images of x"] == "x is not computed yet"
    assert not reasons["images of W1"]
    run.goto("1")
    after = picture_names(run.moment(), view)
    assert [each.name for each in after] == [each.name for each in before]
    assert [each.name for each in after if each.reason] == ["learned"]
    assert {each.name: each.count for each in after}["images of x"] == 100


def test_one_goes_through_those_that_there_are_and_out_at_the_end() -> None:
    run = Timeline(load_scenario("mazur-2-2-2"))
    moment, view = run.moment(), view_of(run)
    names, name = [], ""
    for _ in range(5):
        name = next_picture(moment, view, name)
        names.append(name)
    assert names == ["net", "heat map", "learned", "norms", ""]
    assert next_picture(moment, view, "", -1) == "norms"
    assert next_picture(moment, view, "no such picture") == "net"


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(("ascii", "plain"), [(False, False), (False, True), (True, True)])
def test_every_picture_fills_any_room(name: str, ascii: bool, plain: bool) -> None:
    run = Timeline(load_scenario(name))
    run.step()
    found = trends(run, 1, 1)
    for where in ("1:1", "1"):
        run.goto(where)
        moment, view = run.moment(), view_of(run, ascii=ascii, plain=plain)
        for pictures in picture_names(moment, view):
            for size in ((36, 4), (78, 16)):
                panel = picture_panel(moment, view, pictures.name, 1, *size, lambda: found)
                assert panel.inside.height == size[1]
                assert all(sum(cell_len(text) for text, _ in line) == size[0] for line in panel.inside.lines)
                assert panel.title[0][0] == pictures.name
            assert picture_text(moment, view, pictures.name, 0, lambda: found)


def test_a_picture_that_is_not_there_says_why_in_its_place_and_as_text() -> None:
    run = Timeline(load_scenario("apples"))
    moment, view = run.moment(), view_of(run)
    panel = picture_panel(moment, view, "learned", 0, 50, 6, computing)
    assert panel.inside.text.startswith("there are no data whose range could be drawn")
    assert picture_text(moment, view, "learned", 0, computing) == ("there are no data whose range could be drawn",)
    with pytest.raises(KeyError):
        picture_panel(moment, view, "no such picture", 0, 50, 6, computing)


def test_norms_that_are_being_computed_say_so_and_are_not_asked_for_by_others() -> None:
    run = Timeline(load_scenario("mazur-2-2-2"))
    run.step()
    moment, view = run.moment(), view_of(run)

    def never() -> Trends | None:
        raise AssertionError

    assert "are being computed" in picture_panel(moment, view, "norms", 0, 70, 6, computing).inside.text
    assert picture_panel(moment, view, "heat map", 0, 70, 6, never).inside.height == 6


def test_the_title_says_which_of_how_many() -> None:
    run = Timeline(load_scenario("mazur-2-2-2"))
    panel = picture_panel(run.moment(), view_of(run), "heat map", 1, 70, 10, computing)
    assert "".join(text for text, _ in panel.title) == "heat map: parameters"
    assert panel.aside[0][0].startswith("2 of ")
