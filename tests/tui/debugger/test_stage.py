"""Claims about the whole screen: its size, its places, its colours, what is seen of every step."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from gradstep import engine
from gradstep.tui.debugger.panels import focus_on
from gradstep.tui.pages import arrangement as places
from gradstep.tui.text.drawing import Area, Drawing
from gradstep.tui.text.palette import OURS, palette_of
from tests.screen import Still
from tests.walks import RUNNABLE
from tests.work import calls_of

ROOT = Path(engine.__file__ or "").parent.parent
KINDS = ("mazur-2-2-2", "relu-softmax-2-3-2", "and-perceptron", "apples", "two-layer-digits")  # of nets
SIZES = [(40, 10), (80, 24), (120, 40), (200, 60), (300, 100)]
WALKED = [(80, 24), (120, 40)]
KEYS = ("", "x", "h", "B", "asterisk", "f1", "L", "question_mark", "y", "tab")


@cache
def walked(name: str, size: tuple[int, int]) -> list[tuple[str, Drawing, dict[str, object]]]:
    """After each step of the first iteration: the step's symbol, the screen, the areas of its panels."""
    still = Still(name, size)
    found = []
    for _ in range(still.bench.timeline.course.length(1)):
        still.do("step")
        symbol = still.bench.moment.position.symbol or ""
        found.append((symbol, still.stage.drawing, dict(still.stage.areas)))
    return found


@pytest.mark.parametrize(("name", "size"), [(n, s) for n in KINDS for s in (SIZES[2:] if n == KINDS[-1] else SIZES)])
def test_every_line_has_exactly_the_width_of_the_screen(name: str, size: tuple[int, int]) -> None:
    still = Still(name, size)
    for command in ("start", "phase_on", "phase_on", "step", "iteration_on"):
        drawing = still.do(command).stage.drawing
        assert (drawing.width, drawing.height) == size
        assert {sum(cell_len(text) for text, _ in line) for line in drawing.lines} == {size[0]}


@pytest.mark.parametrize("size", [(1, 1), (2, 40), (5, 3), (39, 9), (100, 32), (99, 31), (170, 32), (300, 12)])
def test_no_size_is_an_error(size: tuple[int, int]) -> None:
    still = Still("relu-softmax-2-3-2", size)
    for key in ("s", "x", "z", "escape", "escape", "question_mark"):
        assert len(still.press(key).stage.drawing.lines) == size[1]


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_colour_is_known_in_every_theme(name: str) -> None:
    still = Still(name, (120, 40))
    keys: set[str] = set()
    for command in (
        "start",
        "step",
        "phase_on",
        "step",
        "phase_on",
        "step",
        "step",
        "phase_on",
        "step",
        "iteration_on",
    ):
        still.do(command)
        keys |= {key for line in still.stage.drawing.lines for _, key in line}
    for key in KEYS[1:]:
        drawing = still.press(key, "ctrl+right").stage.drawing
        keys |= {key for line in drawing.lines for _, key in line}
        still.press("escape", "escape")
    other = palette_of("other", {"text": "#eeeeee", "ground": "#111111"}, dark=True)
    for palette in (*OURS.values(), other):
        for key in keys:
            assert palette.style(key).color is not None
            assert palette.without_colours().style(key).color is None


@pytest.mark.parametrize("name", RUNNABLE)
def test_there_and_back_shows_the_first_screen_again(name: str) -> None:
    still = Still(name)
    first, listed = still.text, still.stage.areas.get("figures", Area(0, 0, 0, 0))
    still.do(*["step"] * 5)
    assert still.text != first
    back = still.do(*["back"] * 5).lines
    seen, before = (
        [line[listed.width if listed.y <= y < listed.y + listed.height else 0 :] for y, line in enumerate(lines)]
        for lines in (back, first.split("\n"))
    )
    assert seen[1:-2] == before[1:-2], "but for which figures have been compared"


def test_infinities_and_nan_are_walked_through_calmly(recwarn: pytest.WarningsRecorder) -> None:
    still = Still("sgd-regression-wide").goto("11")
    seen = "".join(still.press("s").text for _ in range(12))
    assert "NaN" in seen
    assert "inf" in seen
    assert not [warning for warning in recwarn if issubclass(warning.category, RuntimeWarning)]


def test_wide_characters_move_no_frame() -> None:
    still = Still("relu-softmax-2-3-2").goto("1:delta1")
    assert still.bench.timeline.names.own_name("u1") == "総入力1"
    assert "総入力1" in still.text
    area = still.stage.areas[places.PROGRAM]
    edges = set()
    for line in still.stage.drawing.lines[area.y + 1 : area.y + area.height - 1]:
        cells = "".join(sign + "\0" * (cell_len(sign) - 1) for text, _ in line for sign in text)
        edges.add((cells[0], cells[area.width - 1]))
    assert edges == {("│", "│")}


def test_the_panel_with_the_focus_has_a_brighter_frame_and_only_that() -> None:
    still = Still().press("s")
    for number, name in enumerate(("program", "net", "step", "tables", "curve"), start=1):
        still.press(str(number))
        assert still.bench.focus == name
        area = still.stage.areas[name]
        key = still.stage.drawing.lines[area.y][0 if area.x == 0 else -1][1]
        others = {key for line in still.stage.drawing.lines for _, key in line if key == "focus"}
        assert name in ("step", "net") or (key, others) == ("focus", {"focus"})
    assert "no panel 9" in still.press("9").message
    assert still.press("tab").bench.focus == "program"
    assert still.press("shift+tab").bench.focus == "curve"


@pytest.mark.parametrize("name", ["program", "net", "step", "tables", "curve"])
def test_a_panel_takes_all_the_room_and_gives_it_back(name: str) -> None:
    still = Still().press("s")
    before = still.text
    still.bench.focus = name
    still.press("z")
    assert set(still.seen) == {"header", name, "footer"}
    assert still.stage.areas[name] == (0, 2, 120, 36)
    still.press("z")
    still.bench.focus = "program"
    still.bench.show()
    assert still.text == before


def test_in_a_small_terminal_v_goes_through_the_panels_below_the_step() -> None:
    still = Still(size=(80, 24)).press("s")
    seen = []
    for _ in range(4):
        still.press("v")
        seen += [name for name in places.LOWER if name in still.seen]
    assert seen == ["net", "program", "curve", "tables"]
    assert "all panels are in view" in Still().press("v").message


def test_the_third_column_says_what_a_number_is_made_of_and_of_very_many_that_it_is_so() -> None:
    still = Still(size=(200, 60)).goto("1:dW2")
    assert "∂E/∂w5, where it comes from" in still.panel("chain")
    assert "0.593269992 × 0.138498562 = 0.082167041" in still.panel("chain")
    assert "the chain rule, factor by factor" in still.panel("chain")
    digits = Still("two-layer-digits", (200, 60)).goto("40:dW1")
    largest = np.unravel_index(np.abs(digits.bench.moment.values["dW1"]).argmax(), (64, 50))
    name = f"∂E/∂W1[{largest[0]},{largest[1]}]"
    assert f"{name} = Σ" in digits.panel("step")
    assert f"{name}, where it comes from" in digits.panel("chain")
    assert "(the other 95" in digits.panel("chain")
    digits.goto("1:E")
    assert "E is made of very many numbers; x explains it" in digits.panel("chain")


@pytest.mark.parametrize("size", [(120, 40), (160, 48), (200, 60)])
@pytest.mark.parametrize("name", KINDS)
def test_every_panel_keeps_its_place_while_one_steps(name: str, size: tuple[int, int]) -> None:
    still = Still(name, size)
    areas = dict(still.stage.areas)
    for _ in range(still.bench.moment.length):
        assert dict(still.do("step").stage.areas) == areas, still.position


def test_at_the_start_the_third_column_lists_the_symbols_and_says_why_of_the_first_step() -> None:
    still = Still(size=(200, 60))
    listed = still.panel("chain")
    for symbol in still.bench.moment.program.symbols:
        assert f"│ {still.bench.view.notation.symbol(symbol)} " in listed
    assert re.search(r"│ ∂E/∂W2 +2×2 +gradient by W2 ", listed)
    assert "i: what it is and why" in still.panel("why")


def test_below_a_short_explanation_stand_the_symbols_of_the_step_and_each_symbol_once() -> None:
    still = Still(size=(200, 60)).goto("1:u1")
    below = still.panel("chain").partition("the symbols of this step")[2]
    here, _, others = below.partition("the other symbols")
    assert all(f"│ {name} " in here and f"│ {name} " not in others for name in ("i", "W1", "b1", "net_h"))
    assert "│ out_h " in others


def test_what_has_no_room_in_the_third_column_is_counted_and_the_keys_named_show_it() -> None:
    still = Still(size=(170, 44)).goto("1:delta1")
    counted = re.search(r"more lines: (\d) z", still.panel("chain"))
    assert counted is not None
    assert "not computed yet: ∂E/∂W1" not in still.text
    focus_on(still.bench, int(counted[1]))
    assert "not computed yet: ∂E/∂W1" in still.press("z").text


def test_why_is_told_once_by_the_third_column_where_it_is_there_and_else_by_the_step() -> None:
    for size, told in (((200, 60), "why"), ((160, 48), "step"), ((170, 50), "step")):
        still = Still(size=size).goto("1:u1")
        assert ("why     " in still.panel("step")) == (told == "step")
        assert ("why" in still.stage.areas) == (told == "why")


@pytest.mark.parametrize(
    ("key", "gone"), [("H", "why"), ("h", "why"), ("B", "chain"), ("x", "chain why"), ("L", "chain why")]
)
def test_a_drawer_takes_as_much_of_the_third_column_as_it_has_to_say(key: str, gone: str) -> None:
    still = Still(size=(200, 60)).goto("1:delta1")
    step, covered = still.panel("step"), [still.stage.areas[name].height for name in gone.split()]
    still.press(key)
    assert still.stage.areas["drawer"].height == sum(covered)
    assert not {*gone.split()} & {*still.stage.areas}
    assert still.panel("step") == step, "nothing moves, and nothing is told anew"


def test_the_third_column_costs_little_at_any_step() -> None:
    still = Still("two-layer-digits", (200, 60))
    for _ in range(still.bench.moment.length):
        still.do("step")
        with calls_of(ROOT) as work:
            still.panel("chain")
        assert work.calls < 220_000, still.position


@pytest.mark.parametrize("covering", ["H", "y", "z", "x"])
def test_another_panel_below_the_step_is_seen_whatever_covers_its_place(covering: str) -> None:
    still = Still("mazur-2-2-2", (80, 24)).press("s", covering, "v")
    assert {*still.seen} >= {"step", "net"}
    assert "drawer" not in still.seen
    assert "net;" in still.message


def test_below_a_short_program_stand_the_figures_and_what_the_scenario_says_of_itself() -> None:
    still = Still("apples", (120, 40)).goto("1:dtax")
    assert "▌dtax          200 ✓" in still.panel("figures")
    assert "what it is about" in still.panel("story")
    assert "A computational graph of two" in still.panel("story")
    counted = re.search(r"more lines: (\d) z", still.panel("story"))
    assert counted is not None
    focus_on(still.bench, int(counted[1]))
    assert "2 nodes, 1 iteration" in still.press("z").panel("story")


def test_before_the_curve_begins_its_panel_tells_the_story_where_it_is_high() -> None:
    still = Still("sgd-regression", (200, 60)).goto("1:u1")
    area = still.stage.areas["curve"]
    assert "no value so far" in still.panel("curve")
    assert "A 2-10-1 network" in still.panel("curve")
    still.goto("3:u1")
    assert still.stage.areas["curve"] == area
    assert "A 2-10-1 network" not in still.panel("curve")


@pytest.mark.parametrize("name", KINDS)
def test_in_120_columns_and_40_lines_the_step_has_room_for_its_notes(name: str) -> None:
    still = Still(name, (120, 40)).goto("start")
    for _ in range(still.bench.moment.length):
        lines = still.do("step").panel("step").split("\n")
        assert len(lines) >= 9, "its upper edge and eight lines"


def test_in_120_columns_and_40_lines_a_small_step_has_its_arithmetic_source_why_and_next() -> None:
    still = Still(size=(120, 40))
    for symbol in ("u1", "u2", "delta1", "delta2", "dW1", "W1_next", "W2_next"):
        step = still.goto(f"1:{symbol}").panel("step")
        assert all(f"│ {label} " in step for label in ("source", "why", "next")), symbol
    affine = still.goto("1:u1").panel("step")
    assert "net_h1 = i1 · w1 + i2 · w2 + b1[0]" in affine
    assert "= 0.05 × 0.15 + 0.1 × 0.2 + 0.35 = 0.3775" in affine


@pytest.mark.parametrize("size", [(160, 48), (200, 60)])
def test_a_map_beside_terms_has_a_cell_a_column_where_there_is_room(size: tuple[int, int]) -> None:
    still = Still("two-layer-digits", size).goto("1:dW1")
    assert re.search(r"a cell: largest of \d×1\b", still.panel("step"))
    assert "a cell: the largest of 2×1" in Still("two-layer-digits", (200, 60)).goto("1:dW1").press("y", "y").text


def test_an_edge_that_two_panels_share_has_the_colour_of_the_one_whose_title_it_bears() -> None:
    still = Still(size=(120, 40)).goto("1:delta1")
    area = still.stage.areas["tables"]
    line = still.stage.drawing.lines[area.y]
    x = 0
    keys = {}
    for text, key in line:
        keys[text[:1], x >= area.x] = key
        x += cell_len(text)
    assert keys["├", True] == "frame"
