"""Claims about the two lines below the panels: marks and messages, and the keys that can be used now."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.tui.debugger.registry import COMMANDS, NARROW, ROOMY, WIDE, footer_groups
from gradstep.tui.pages.footer import Key, keys_line, legend, message_lines
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.notation import Notation
from tests.screen import Still


def text_of(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(still: Still, width: int) -> Pieces:
    return keys_line(footer_groups(still.bench, wide=width >= 100), width)


def test_the_keys_stand_in_groups() -> None:
    line = text_of(shown(Still(), 200))
    assert line.strip() == (
        "Space step  n layer  f phase  i iteration │ S N F I back │ c run  b break  e what if │ "
        "x explain  h why  d check  y pictures  / search  : go │ ? all keys"
    )


@pytest.mark.parametrize("width", [40, 41, 60, 79, 80, 99, 100, 120, 300])
def test_where_not_all_fit_whole_keys_are_left_out_and_what_leads_to_all_of_them_stays(width: int) -> None:
    line = text_of(shown(Still(), width))
    assert cell_len(line) == width
    assert line.rstrip().endswith("? all keys")
    assert line.startswith((" s", " Space"))
    spelled = [(keys, label) for group in (*WIDE, *NARROW) for _, keys, label, _ in group]
    labels = {f"{each} {label}" for keys, label in spelled for each in (keys, ROOMY.get(keys, keys))}
    for part in line.replace("│", "  ").split("  "):
        assert not part.strip() or part.strip() in labels, part


def test_the_first_key_is_the_one_that_a_newcomer_tries_where_that_costs_no_other_key() -> None:
    still = Still()
    for width in range(100, 200):
        line = text_of(shown(still, width))
        short = line.replace(" Space step", " s step")
        roomy = " Space step" + short.rstrip().removeprefix(" s step")
        assert line.startswith(" Space step") == (len(roomy) <= width), width
    assert text_of(shown(still, 120)).startswith(" Space step")


def test_help_names_all_keys_that_step() -> None:
    told = next(command.shown for command in COMMANDS if command.name == "step")
    assert told.split() == ["s", "→", "Space"]
    assert "s → Space" in Still(size=(120, 60)).press("question_mark").drawer


def test_more_room_shows_more_keys() -> None:
    still = Still()
    for widths in (range(40, 100), range(100, 200)):
        counts = [len(text_of(shown(still, width)).replace("│", "  ").split()) for width in widths]
        assert all(more >= fewer for fewer, more in pairwise(counts))


def look_of(pieces: Pieces, part: str) -> str:
    """The look of the piece that a part stands in; neighbours of one look are one piece."""
    return next(key for text, key in pieces if part in text)


def test_keys_that_cannot_be_used_are_faint_and_say_why_when_pressed() -> None:
    still = Still()
    line = shown(still, 120)
    assert [look_of(line, part) for part in ("S N F I back", "x explain", "h why")] == ["faint on bar"] * 3
    assert (look_of(line, "Space"), look_of(line, "step")) == ("bold label on bar", "text on bar")
    for name, _, _, _ in (each for group in WIDE for each in group):
        if still.bench.commands[name].why_not(still.bench) is not None:
            assert len(still.do(name).message) > 20
    still.do("step")
    assert look_of(shown(still, 120), "x") == "bold label on bar"


def test_while_work_is_under_way_all_keys_are_faint() -> None:
    still = Still().press("s")
    still.busy = "running"
    groups = footer_groups(still.bench, wide=True)
    assert not any(key.usable for group in groups for key in group)


def test_keys_of_one_look_and_no_label() -> None:
    line = keys_line([[Key("a", "add"), Key("z", "", usable=False)], [Key("?", "help")]], 20)
    assert text_of(line) == " a add  z │ ? help  "
    assert ("z", "faint on bar") in line


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────

words = st.text("abc 総入力∂", max_size=120)


@given(words, st.integers(4, 100), st.booleans())
def test_messages_have_exact_widths_and_few_lines(text: str, width: int, error: bool) -> None:
    lines = message_lines(text, width, error=error)
    assert {cell_len(text_of(line)) for line in lines} <= {width}
    assert 1 <= len(lines) <= 3


def test_a_message_takes_as_many_lines_as_it_needs_up_to_three() -> None:
    text = "w1 is a symbol of one number, expected one element of it such as W1[0,0] " * 2
    lines = message_lines(text, 60, error=True)
    assert " ".join(" ".join(map(text_of, lines)).split()) == text.strip()
    assert {key for line in lines for _, key in line} == {"bold fails on bar"}
    assert text_of(message_lines(text * 9, 60, error=True)[-1]).rstrip().endswith("..")
    assert {key for line in message_lines(text, 60, error=False) for _, key in line} == {"bold text on bar"}


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
def test_a_long_error_is_read_in_full_on_the_screen(size: tuple[int, int]) -> None:
    still = Still(size=size)
    text = "this cannot be done because of something that takes two lines in a narrow terminal to be said"
    still.bench.say(text, error=True)
    assert text in " ".join(" ".join(still.lines[-4:-1]).split())
    assert len(still.lines) == size[1]


# ── the legend ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [3, 20, 40, 80, 300])
@pytest.mark.parametrize("hint", [(), (("w  watch", "quiet"),), (("x" * 50, "quiet"),)])
def test_the_legend_fits(width: int, hint: Pieces) -> None:
    view = View(Notation(load_scenario("mazur-2-2-2").names))
    assert cell_len(text_of(legend(view, "loss", hint, width))) == width


def test_the_legend_has_the_phase_s_colour_and_says_in_signs_what_colours_would() -> None:
    notation = Notation(load_scenario("mazur-2-2-2").names)
    pieces = legend(View(notation), "backward", (), 80)
    assert ("▌ just written", "bold backward") in pieces
    assert ("  ", "text on read") in pieces
    assert "‹ just read" in text_of(legend(View(notation, plain=True), "loss", (), 80))
    ascii = text_of(legend(View(Notation(notation.names, ascii=True)), "loss", (), 80))
    assert ascii.split("  ")[:3] == [" ! just written", ": just read", ". not yet"]
