"""A few whole screens as text, to be read in a diff.

To renew them: pytest -n 0 tests/tui/debugger/test_snapshots.py --snapshot-update
"""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.screen import driven


@pytest.mark.parametrize(
    ("scenario", "size", "position"),
    [
        ("mazur-2-2-2", (80, 24), "start"),
        ("mazur-2-2-2", (120, 40), "2:delta1"),
        ("relu-softmax-2-3-2", (120, 40), "1:y"),
        ("apples-and-oranges", (80, 24), "1:dtax"),
    ],
)
async def test_the_screen_is_as_it_was(
    scenario: str, size: tuple[int, int], position: str, snapshot: SnapshotAssertion
) -> None:
    async with driven(scenario, size) as screen:
        await screen.type_position(position)
        assert screen.text == snapshot
