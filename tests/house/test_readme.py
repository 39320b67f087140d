"""Claims about the READMEs: their pictures are those of the program, the keys they name are those that there are, and
what the first page tells to press leads where it says.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from gradstep.engine import limits, load_scenario
from gradstep.engine.replay import replay
from gradstep.tui.debugger.registry import COMMANDS
from tests import svg as written
from tests.pictures import FOLDER, PICTURES, frames, made
from tests.screen import Still

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "data" / "cases"
MOST = 150 * 1024  # bytes of a picture that stands still
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?")


def page(*path: str) -> str:
    return ROOT.joinpath(*path, "README.md").read_text(encoding="utf-8")


def words_of(text: str) -> set[str]:
    """Each text of a picture but for numbers, which may differ by a rounding."""
    found = ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text")
    return {NUMBER.sub("0", each.text or "") for each in found}


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", PICTURES)
def test_a_picture_shows_what_the_debugger_shows(file: str) -> None:
    there = (FOLDER / file).read_text(encoding="utf-8")
    assert words_of(there) == words_of(made(PICTURES[file])), "python -m tests.pictures makes them anew"


@pytest.mark.parametrize("file", PICTURES)
def test_a_picture_fetches_nothing_and_is_small(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|<image|<use|@import|@font-face|url\(", text)
    assert len(text.encode()) < (1024 * 1024 if PICTURES[file].walk else MOST)


def test_each_picture_is_shown_on_a_page_and_there_is_no_other() -> None:
    shown = {Path(name).name for text in (page(), page("tui")) for name in re.findall(r"[\w./-]+\.svg", text)}
    assert shown == set(PICTURES) == {path.name for path in FOLDER.glob("*.svg")}


def test_a_moving_picture_shows_each_frame_in_its_turn() -> None:
    picture = PICTURES["walking.svg"]
    drawings = [*frames(picture)]
    text = made(picture)
    turns = dict(re.findall(r"@keyframes (k\d+)\{((?:[\d.]+%\{\w+:\w+\})+)\}", text))
    svg = "{http://www.w3.org/2000/svg}"
    groups = [*ElementTree.fromstring(text).iter(f"{svg}g")]
    for frame, drawing in enumerate(drawings):
        seen: set[str] = set()
        for group in groups:
            names = group.get("class", "").split()
            if not names or _seen(turns[names[1]], (frame + 0.5) / len(drawings)):
                seen |= {each.text or "" for each in group.iter(f"{svg}text")}
        alone = ElementTree.fromstring(written.svg([drawing], picture.palette))
        assert seen == {each.text or "" for each in alone.iter(f"{svg}text")}


def _seen(turns: str, share: float) -> bool:
    """Whether something is visible at a share of the time."""
    due = [(float(at), how) for at, how in re.findall(r"([\d.]+)%\{visibility:(\w+)\}", turns)]
    return [how for at, how in due if at <= 100 * share][-1] == "visible"


def test_a_moving_picture_stands_still_for_who_wants_no_motion() -> None:
    text = made(PICTURES["walking.svg"])
    assert "@media not (prefers-reduced-motion:reduce){.m{animation:18s step-end infinite}" in text


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

SPELLED = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "space": "Space", "colon": ":", "asterisk": "*", "slash": "/",
    "comma": ",", "full_stop": ".", "question_mark": "?", "right_square_bracket": "]", "left_square_bracket": "[",
    "greater_than_sign": ">", "less_than_sign": "<", "equals_sign": "=",
    "escape": "Esc", "pagedown": "PgDn", "pageup": "PgUp",
}  # fmt: skip


def spelled(key: str) -> str:
    """A key as people write it."""
    *before, last = key.split("+")
    name = SPELLED.get(last, last if len(last) == 1 and not before else last.capitalize())
    return "+".join([*(each.capitalize() for each in before), name])


def test_the_tables_of_keys_name_each_key_and_no_other() -> None:
    section = page("tui").partition("## The keys")[2].partition("## The screen")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [key for row in rows for key in re.findall(r"`([^`]+)`", row)]
    assert sorted(named) == sorted(spelled(key) for command in COMMANDS for key in command.keys)


# ── what the first page tells to do ──────────────────────────────────────────────────────────────────────────


def test_seventeen_figures_on_is_the_gradient_of_w1() -> None:
    still = Still().press("right_square_bracket")
    assert still.message in page()
    still.press(*["right_square_bracket"] * 16)
    assert (still.position, "∂E/∂w1 = 0.000438568 ✓" in still.message) == ("1:dW1", True)


def test_the_run_stops_where_units_die_and_says_when_each_did() -> None:
    still = Still(load_scenario(str(CASES / "units-die.toml"))).press("c")
    assert (still.position, "2 of 6 ReLU units" in still.message) == ("2:u1", True)
    still.press("c", "c")
    assert (still.position, "6 of 6 ReLU units" in still.message) == ("25:u1", True)
    assert "unit 0 since 25" in " ".join(still.press("H").drawer.split())
    assert still.press("enter").position == "2:u1"


def test_the_units_of_the_example_die_one_after_the_other_for_all_its_rows() -> None:
    scenario = load_scenario(str(CASES / "units-die.toml"))
    assert scenario.dataset is not None
    dead: dict[int, int] = {}
    for iteration in range(1, 26):
        still = Still(scenario).goto(str(iteration))
        w, b = still.bench.timeline["W1"], still.bench.timeline["b1"]
        dead |= {unit: dead.get(unit, iteration) for unit in np.flatnonzero((scenario.dataset.x @ w + b).max(0) <= 0)}
    assert dead == {1: 2, 3: 2, 2: 3, 4: 3, 5: 3, 0: 25}
    assert replay(scenario).passed


def test_the_run_stops_at_the_wrong_figure() -> None:
    still = Still(load_scenario(str(CASES / "wrong-figure.toml"))).press("c")
    assert still.position == "1:dW1"
    (said,) = re.findall(r"`(∂E/∂w2 = [^`]*)`", page())
    assert said in still.message
    assert still.press("L").drawer.count("✗  0.13609303") == 1
    assert "figure 8 of 8" in still.press("escape", "c").message


def test_w5_is_set_and_compared() -> None:
    still = Still().put("e", "w5 = 0.9").press("K")
    assert still.bench.view.other == "original"
    assert "difference" in still.press("i", "i").text
    still.press("K")
    assert still.bench.view.other is None
    assert "fork-1" in still.press("asterisk").drawer


def test_the_chain_rule_of_w1_is_written_out() -> None:
    still = Still().put("colon", "1:dw1").press("x")
    assert "= 0.05 × 0.008771355 = 0.000438568" in still.drawer
    assert "unrolled" in still.press("u").drawer
    assert "delta_h1" in still.press("u", "down", "enter").panel("drawer").split("\n")[0]
    assert "∂E/∂w1" in still.press("backspace").panel("drawer").split("\n")[0]


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_page_states_the_limits_that_there_are() -> None:
    rows = re.findall(r"^\| (.*) \| ([\d,]+)( MiB)? \|$", page(), re.MULTILINE)
    stated = {what.partition(",")[0].partition(";")[0]: number.replace(",", "") for what, number, _ in rows}
    mebibyte = limits.MEBIBYTE
    assert {what: int(number) for what, number in stated.items()} == {
        "numbers that a run holds": limits.NUMBERS,
        "numbers in one array": limits.ARRAY,
        "history": limits.HISTORY // mebibyte,
        "steps of one iteration": limits.PROGRAM,
        "steps of a run": limits.STEPS,
        "a scenario's file": limits.SCENARIO,
        "a session's file": limits.SESSION,
        "a CSV file": limits.TEXT // mebibyte,
    }
