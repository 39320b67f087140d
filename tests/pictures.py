"""The README's pictures, made by the program itself: python -m tests.pictures.

Pass sizes and a folder to look at every bundled scenario instead: python -m tests.pictures 80x24 120x40 /tmp/pictures
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradstep.engine import bundled, load_scenario
from gradstep.tui.debugger.registry import BY_NAME
from gradstep.tui.text.drawing import Drawing, drawn, placed
from gradstep.tui.text.palette import GRADSTEP_DARK, GRADSTEP_LIGHT, Palette
from tests.screen import Still
from tests.svg import svg

HERE = Path(__file__).parent
FOLDER = HERE.parent / "tui" / "pictures"
UNITS_DIE = str(HERE / "data" / "cases" / "units-die.toml")
FIRST = "mazur-2-2-2"


@dataclass(frozen=True)
class Picture:
    """A scenario, bundled or a file, at a position, and then keys. walk: keys that are pressed further, each a frame of
    a picture that moves.
    """

    scenario: str
    size: tuple[int, int]
    position: str
    keys: tuple[str, ...] = ()
    palette: Palette = GRADSTEP_DARK
    walk: tuple[str, ...] = ()


STEPS = 10  # forward, and as many back
PICTURES: Mapping[str, Picture] = {
    "stepping.svg": Picture(FIRST, (120, 40), "1:delta1"),
    "stepping-light.svg": Picture(FIRST, (120, 40), "1:delta1", palette=GRADSTEP_LIGHT),
    "walking.svg": Picture(FIRST, (120, 40), "1:z1", walk=("s",) * STEPS + ("S",) * (STEPS - 1)),
    "digits.svg": Picture("two-layer-digits", (160, 48), "40:dW1"),
    "health.svg": Picture(UNITS_DIE, (120, 40), "start", ("c", "c", "c", "H", "g", "25:delta1")),
    "explained.svg": Picture(FIRST, (120, 40), "1:dW1", ("x", "u")),
    "compared.svg": Picture(FIRST, (120, 40), "start", ("e", "w5 = 0.9", "K", "g", "100:delta1")),
    "learned.svg": Picture("and-perceptron", (120, 32), "end", ("y", "y", "y")),
    "small.svg": Picture(FIRST, (80, 24), "1:delta1"),
}


def frames(picture: Picture) -> Iterator[Drawing]:
    """The drawings of a picture: the first, and one after each key of the walk. What keys said is gone from them."""
    still = Still(load_scenario(picture.scenario), picture.size)
    still.goto(picture.position)
    for key in picture.keys:
        if still.prompt is not None:
            still.answer(key)
        else:
            still.press(key)
    still.bench.say("")
    first = still.stage.drawing
    if not picture.walk:
        yield first
        return
    yield _captioned(first, "")
    for key in picture.walk:
        still.press(key)
        still.bench.say("")
        yield _captioned(still.stage.drawing, key)


CAPTIONS = {"s": BY_NAME["step"].help, "S": BY_NAME["back"].help}


def _captioned(drawing: Drawing, key: str) -> Drawing:
    """With the key that led there below it, and what it does."""
    said = [(f" {key} ", "bold ink on label"), (f"  {CAPTIONS[key]}", "text")] if key else []
    caption = drawn([(), said], drawing.width, 2)
    return placed(drawing.width, drawing.height + 2, [(0, 0, drawing), (0, drawing.height, caption)])


def made(picture: Picture) -> str:
    """A picture as SVG."""
    drawings = [*frames(picture)]
    return svg(drawings, picture.palette, still=len(drawings) // 3)


def main(words: Sequence[str]) -> None:
    """Write the pictures."""
    if not words:
        for file, picture in PICTURES.items():
            (FOLDER / file).write_text(made(picture), encoding="utf-8")
        return
    *sizes, folder = words
    for size in sizes:
        width, height = map(int, size.split("x"))
        for name in sorted({*bundled()} - {"two-layer-mnist"}):
            position = "1:dW1" if "apples" not in name else "1"
            text = made(Picture(name, (width, height), position))
            Path(folder, f"{name}-{size}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
