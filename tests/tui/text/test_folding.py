"""Claims about folded text: it fits, nothing is lost, and it breaks between words where it can."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.text.folding import folded, folded_pieces

texts = st.text(st.sampled_from("ab δ総入力 ×−.,()"), max_size=80)


@given(texts, st.integers(2, 40), st.integers(0, 12))
def test_every_line_fits_and_no_word_is_lost(text: str, width: int, indent: int) -> None:
    lines = folded(text, width, indent=indent)
    assert lines
    assert all(line.width <= width for line in lines)
    written = "".join("".join(part for part, _ in line.pieces) for line in lines)
    assert "".join(written.split()) == "".join(text.split())


@given(st.lists(st.sampled_from(["one", "two", "three", "入力"]), min_size=1, max_size=20), st.integers(8, 30))
def test_lines_break_between_words_and_are_as_full_as_they_can_be(words: list[str], width: int) -> None:
    lines = ["".join(part for part, _ in line.pieces) for line in folded(" ".join(words), width)]
    assert " ".join(lines).split() == words
    for line, following in itertools.pairwise(lines):
        assert cell_len(f"{line} {following.split()[0]}") > width


@given(texts, texts, st.integers(4, 30))
def test_pieces_keep_their_styles(one: str, other: str, width: int) -> None:
    lines = folded_pieces([(one, "title"), (other, "dim")], width, indent=2)
    for key, text in (("title", one), ("dim", other)):
        kept = "".join(part for line in lines for part, style in line.pieces if style == key)
        assert "".join(kept.split()) == "".join(text.split())


def test_what_goes_on_below_is_indented_and_control_characters_are_not_let_through() -> None:
    lines = folded("alpha beta gamma", 8, indent=2)
    assert ["".join(part for part, _ in line.pieces) for line in lines] == ["alpha", "  beta", "  gamma"]
    assert folded("\x1b[31m", 20)[0].pieces == (("?[31m", "text"),)
