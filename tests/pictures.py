"""The README's pictures, made by the program itself: python -m tests.pictures.

Pass sizes and a folder to look at every bundled scenario instead: python -m tests.pictures 80x24 120x40 /tmp/pictures
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from gradstep.engine import bundled
from tests import idle
from tests.screen import driven

README_PICTURES = Path(__file__).parent.parent / "tui" / "pictures"

OF_README: dict[str, tuple[str, tuple[int, int], list[str]]] = {
    "stepping.svg": ("mazur-2-2-2", (120, 40), ["goto 100:delta1"]),
    "net.svg": ("mazur-2-2-2", (120, 24), ["goto 1", "y"]),
    "explained.svg": ("mazur-2-2-2", (120, 40), ["goto 1:dW1", "x", "u"]),
}


async def picture(name: str, size: tuple[int, int], keys: Sequence[str]) -> str:
    """The screen as SVG after some keys; "goto P" types a position."""
    async with driven(name, size) as screen:
        for key in keys:
            if key.startswith("goto "):
                await screen.type_position(key.removeprefix("goto "))
            else:
                await screen.press(key)
        # Fonts are the reader's own: the picture must not fetch any.
        return re.sub(r"@font-face\s*\{.*?\}", "", screen.app.export_screenshot(), flags=re.DOTALL)


def main(words: Sequence[str]) -> None:
    """Write the pictures."""
    idle.use()
    if not words:
        README_PICTURES.mkdir(exist_ok=True)
        for file, (name, size, keys) in OF_README.items():
            (README_PICTURES / file).write_text(asyncio.run(picture(name, size, keys)))
        return
    *sizes, folder = words
    for size in sizes:
        width, height = map(int, size.split("x"))
        for name in sorted({*bundled()} - {"two-layer-mnist"}):
            svg = asyncio.run(picture(name, (width, height), ["goto 1:dW1" if "apples" not in name else "f"]))
            Path(folder, f"{name}-{size}.svg").write_text(svg)


if __name__ == "__main__":
    main(sys.argv[1:])
