"""Claims about the two lines above the panels: what they say, and that nothing in them moves while one steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Phase
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.figures import badge
from gradstep.tui.pages.header import header
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Drawing, Pieces
from gradstep.tui.text.notation import Notation
from tests.screen import Still
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

WIDTHS = (40, 59, 60, 80, 99, 100, 120, 169, 170, 200, 300)
HEALTH: Pieces = (("3 dead units since 7", "loss"),)


def drawn(moment: Moment, width: int, *, health: Pieces = (), **options: bool) -> Drawing:
    notation = Notation(moment.scenario.names, **options)
    figures = badge(moment.figures.tally, notation, long=width >= 100)
    return header(moment, View(notation), figures, health, width)


def lines_of(moment: Moment, width: int, *, health: Pieces = (), **options: bool) -> list[str]:
    return ["".join(text for text, _ in line) for line in drawn(moment, width, health=health, **options).lines]


def moments(name: str) -> Iterator[Moment]:
    """All of the first iteration, from before its first step on."""
    timeline = Timeline(load_scenario(name))
    yield timeline.moment()
    for _ in range(timeline.course.length(1)):
        timeline.step()
        yield timeline.moment()


def cell_of(line: str, part: str) -> int:
    """The cell that a part begins at; −1 where it is not there."""
    before, found, _ = line.partition(part)
    return cell_len(before) if found else -1


@pytest.mark.parametrize("name", RUNNABLE)
def test_nothing_moves_from_step_to_step(name: str) -> None:
    walked = list(moments(name))
    scenario = walked[0].scenario
    loss = Notation(scenario.names).symbol(scenario.program.loss)
    for width in WIDTHS:
        lines = [[line.replace("▌", " ") for line in lines_of(moment, width)] for moment in walked]
        assert {cell_len(line) for pair in lines for line in pair} == {width}
        for part in (scenario.name, "iteration", f" {loss} ", "gradstep"):
            found = {cell_of(above, part) for above, _ in lines}
            assert len(found) == 1 or width < 60, (width, part)
        for part in ("iteration", "epoch", "forward", "loss ", "backward", "update", "step "):
            places = {cell_of(below, part) for _, below in lines}
            assert len(places) == 1 or (places - {-1} == {1} and width < 100), (width, part)


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_strip_says_how_much_has_run(name: str) -> None:
    for count, moment in enumerate(moments(name)):
        strip = lines_of(moment, 200)[1]
        counted = [(int(done), int(of)) for done, of in re.findall(r"(\d+)/(\d+)", strip)]  # of phases of many steps
        done = sum(done for done, _ in counted)
        assert strip.count("●") + strip.count("◉") + done == count
        assert strip.count("◉") == min(count, 1) or (done and not strip.count("◉"))
        assert strip.count("○") + sum(of for _, of in counted) - done == moment.length - count
        assert strip.rstrip().endswith(f"step {count:>{len(str(moment.length))}} of {moment.length}")


def test_the_present_phase_has_its_colour_and_is_seen_however_little_room_there_is() -> None:
    for moment in moments("mazur-2-2-2"):
        for width in WIDTHS:
            if moment.step is not None and moment.step.phase is not Phase.DRAW:
                pieces = drawn(moment, width).lines[1]
                names = {str(moment.step.phase), str(moment.step.phase)[0]}  # a letter where there is little room
                assert {key for text, key in pieces if text.strip() in names or text.split(" ")[0] in names} == {
                    f"bold {moment.step.phase} on bar"
                }, width


def test_a_phase_of_many_steps_is_counted_and_not_drawn() -> None:
    layers = '[[layer]]\nkind = "affine"\nW = [[1.0]]\nb = [0.0]\n' * 20
    timeline = Timeline(
        scenario_of(f'format = 1\ntitle = "deep"\ndata = {{x = [[0.5]], t = [[1.0]]}}\n{LEARNS}{layers}')
    )
    timeline.goto("1:u7")
    assert "forward 13/40  loss ○  backward  0/" in lines_of(timeline.moment(), 120)[1]
    timeline.goto("1:E")
    assert "forward 40/40  loss ◉  backward  0/" in lines_of(timeline.moment(), 120)[1]


LEARNS = (
    'loss = {kind = "squared_error"}\noptimizer = {kind = "sgd", learning_rate = 0.1}\ntraining = {iterations = 2}\n'
)
NET = 'data = {x = [[0.5]], t = [[1.0]]}\nlayer = [{kind = "affine", W = [[1.0]], b = [0.0]}]\n' + LEARNS


@pytest.mark.parametrize(
    "title", ["総入力と重みの更新を一歩ずつ" * 3, "A title of forty characters, no more now", "x" * 200]
)
def test_a_long_title_is_shortened_and_said_to_be(title: str) -> None:
    moment = Timeline(scenario_of(f'format = 1\ntitle = "{title}"\n{NET}')).moment()
    for width in WIDTHS:
        above, below = lines_of(moment, width)
        assert (cell_len(above), cell_len(below)) == (width, width)
        if width >= 100:
            assert title in above or "…" in above
            assert above.split("…")[0].split("gradstep")[-1].strip()[:10] in title
        assert " E " in above
    assert "…" not in lines_of(moment, 100, ascii=True)[0]
    assert title in lines_of(moment, 300)[0]


def test_the_loss_is_said_to_be_not_computed_yet_and_then_stands_in_the_same_cells() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    before = lines_of(timeline.moment(), 120)[0]
    timeline.goto("1:E")
    after = lines_of(timeline.moment(), 120)[0]
    assert "E_total not yet" in before
    assert "E_total▌ 0.298371109" in after
    assert before.index("E_total") == after.index("E_total")
    timeline.step()
    assert "E_total  0.298371109" in lines_of(timeline.moment(), 120)[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_loss_is_marked_where_it_is_written_and_can_be_picked_there(size: tuple[int, int]) -> None:
    still = Still("mazur-2-2-2", size).goto("1:E")
    x = still.lines[0].index("0.298371109")
    assert still.stage.drawing.at(x, 0) == Element("E", ())
    assert any(
        key == "bold loss on written loss" and "0.298371109" in text for text, key in still.stage.drawing.lines[0]
    )
    still.press("s")
    assert not any("written" in key for _, key in still.stage.drawing.lines[0])
    assert still.goto("start").stage.drawing.at(x, 0) is None


@pytest.mark.parametrize("name", RUNNABLE)
def test_from_a_hundred_columns_on_the_phases_have_their_names(name: str) -> None:
    for moment in moments(name):
        for width in (100, 110, 120, 160):
            below = lines_of(moment, width, health=(("health ok", "quiet"),))[1]
            shown = {step.phase for step in moment.program.steps[: moment.length]} - {Phase.DRAW}
            assert shown <= {*re.findall(r"[a-z]+", below)}, (width, below)


@pytest.mark.parametrize("name", RUNNABLE)
def test_no_name_and_no_mark_of_a_phase_is_cut_however_long_the_health_is(name: str) -> None:
    healths = ((), (("health ok", "quiet"),), HEALTH, (("exploding gradient since 10,000, 2 more", "fails"),))
    for moment in [*moments(name)][::3]:
        for width in range(40, 180, 3):
            for health in healths:
                below = lines_of(moment, width, health=health)[1]
                assert "…" not in below
                words = {*re.findall(r"[a-z]+(?= [●◉○]| +\d+/)", below)}
                assert words <= {phase.value for phase in Phase} | {phase.value[0] for phase in Phase}, (width, below)


def test_a_fork_is_named_wherever_there_is_room_for_the_iteration() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:E")
    timeline.edit("w5", 0.9)
    for width in (60, 80, 100, 120, 200):
        assert "<fork-1>" in lines_of(timeline.moment(), width)[0], width


def test_health_stands_before_the_step_where_there_is_room() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:E")
    assert "3 dead units since 7  step  7 of 19" in lines_of(timeline.moment(), 120, health=HEALTH)[1]


def test_in_ascii_all_of_it_is() -> None:
    for moment in moments("mazur-2-2-2"):
        for width in WIDTHS:
            assert all(line.isascii() for line in lines_of(moment, width, ascii=True))


def test_a_measured_loss_has_its_name_and_digits_and_keeps_its_cells() -> None:
    text = NET.replace("iterations = 2", "iterations = 6") + (
        "measure = {accuracy = ['train'], loss = ['train'], every = 3}\nnames = {E = 'L', E_train = 'L_all'}\n"
    )
    timeline = Timeline(scenario_of(f'format = 1\ntitle = "measured"\n{text}'))
    places = set()
    above = ""
    while timeline.step():
        above = lines_of(timeline.moment(), 120)[0]
        unmarked = above.replace("▌", " ")
        places.add(tuple(cell_of(unmarked, name) for name in (" L_all ", " train ", " L ")))
    assert len(places) == 1
    shown = re.search(r"L_all +(-?[\d.]+)", above)
    assert shown is not None
    assert float(shown[1]) == pytest.approx(float(timeline["E_train"]), rel=1e-6)
    assert re.search(r"train +\d+ %", above)
