"""The texts in the frame around a picture: its title above, its keys below, as much of each as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from gradstep.engine.program.positions import Position
from gradstep.tui.pictures.net.writing import shortened
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import pictures as words

CORNERS = 6  # cells of a frame's edge that no text can take
KEYS = (words.KEYS, words.SHORT_KEYS, words.KEYS_BUT_STEPS, words.FEWEST_KEYS)


def picture_title(
    names: Sequence[str], current: int, which: int, count: int, position: Position, notation: Notation, width: int
) -> str:
    """The albums, the present one in brackets, which of its pictures is seen, and where the cursor is.

    Where they do not fit, albums far from the present one are left out; as a last resort its own name is shortened.
    """

    def present(name: str) -> str:
        picture = f"[{name}]"
        if count <= 1:
            return picture
        return words.ONE_OF_PICTURES.format(picture=picture, place=which + 1, count=count)

    def title(shown: Iterable[str]) -> str:
        return notation.sign(words.PICTURE.format(pictures=" | ".join(shown), position=position))

    name = names[current]
    for shown in (*_fewer_and_fewer(names, current, present(name)), [present(name)]):
        if cell_len(title(shown)) <= width:
            return title(shown)
    return title([present(shortened(name, width - cell_len(title([present("")])), notation))])


def _fewer_and_fewer(names: Sequence[str], current: int, present: str) -> Iterator[list[str]]:
    """All names, then fewer and fewer around the present one, with an ellipsis where others are left out."""
    for size in range(len(names), 0, -1):
        begin = min(max(0, current - size // 2), len(names) - size)
        shown = [*names[begin:current], present, *names[current + 1 : begin + size]]
        yield [*(["…"] if begin else []), *shown, *(["…"] if begin + size < len(names) else [])]


def picture_keys(*, across: bool, down: bool, notation: Notation, width: int) -> str:
    """The keys, how to scroll before them where the picture is larger than its frame that way."""
    texts = [_scrolling(keys, across=across, down=down) for keys in KEYS]
    return next((text for text in map(notation.sign, texts) if cell_len(text) <= width), notation.sign(texts[-1]))


def _scrolling(keys: str, *, across: bool, down: bool) -> str:
    if across and down:
        return words.SCROLLING.format(keys=keys)
    if across:
        return words.SCROLLING_ACROSS.format(keys=keys)
    return words.SCROLLING_DOWN.format(keys=keys) if down else keys
