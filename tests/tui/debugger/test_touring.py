"""Claims about the tour: ten moments, one after the other, and back; it speaks of what is in view."""

from __future__ import annotations

import pytest

from tests.screen import Still

PANELS = {"program": "program", "net": "the net", "tables": "table", "curve": "curve"}


def told(still: Still) -> list[str]:
    """What is said at each of its moments."""
    found = [" ".join(still.press("f12").drawer.split())]
    while "drawer" in still.press("space").seen:
        found.append(" ".join(still.drawer.split()))
    return found


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (120, 40), (200, 60)])
def test_it_speaks_only_of_panels_that_are_in_view(size: tuple[int, int]) -> None:
    still = Still(size=size).press("f12")
    seen = {*still.press("space").seen}
    *stays, last = told(still.press("escape"))
    assert len(stays) == 9
    for panel, word in PANELS.items():
        if panel not in seen:
            assert not [text for text in stays if word in text], panel
    assert ("v shows" in last) == (size[0] < 100)


def test_it_goes_back_as_well() -> None:
    still = Still().press("f12", "space", "space", "space")
    assert still.panel("drawer").startswith("├─ tour: 4 of 10")
    assert still.press("S").panel("drawer").startswith("├─ tour: 3 of 10")


def test_colours_are_named_where_there_are_some() -> None:
    assert any("Orange is the backward pass" in text for text in told(Still()))
    assert not [text for text in told(Still(plain=True)) if "Orange" in text or "Blue" in text or "Green" in text]


@pytest.mark.parametrize("size", [(80, 24), (100, 32), (120, 40), (200, 60)])
def test_each_moment_is_read_without_scrolling(size: tuple[int, int]) -> None:
    still = Still(size=size).press("f12")
    for _ in range(9):
        assert "more line" not in still.panel("drawer")
        still.press("space")
