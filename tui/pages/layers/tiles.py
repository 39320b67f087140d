"""Where the arrays of a graph stand where not all rows of its table fit: each in a tile, tiles side by side, in pages.

A page belongs to some steps that follow one another: on it is all that they write and read, whole, at places that stay
while one steps through them; what room is left has arrays that belong to these, then others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from gradstep.tui.pages.layers.layout import WIDEST
from gradstep.tui.pages.layers.model import Box
from gradstep.tui.pages.layers.naming import LONGEST_LABEL, LONGEST_WITH_ROOM, widest_label
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.cells import NARROWEST, width_of
from gradstep.tui.text.glyphs import printable

APART = 3  # cells between two tiles
FOLDS_APART = 2  # cells between rows that stand side by side
MOST_LINES = 4  # of an array, from which on its rows stand side by side where there is room


@dataclass(frozen=True)
class Tile:
    """An array's cells. rows, columns: its own; lines: those that it takes; folds: how many rows stand side by side.

    number: cells of the number of a row, 0 where rows have none; label, cell: of a label, of a number; name: of the
    name before a single number, which takes one line; 0 where the name stands above.
    """

    symbol: str
    rows: int
    columns: int
    folds: int
    number: int
    label: int
    cell: int
    name: int
    width: int

    @property
    def per_fold(self) -> int:
        """How many rows stand under one another."""
        return -(-self.rows // self.folds)

    @property
    def lines(self) -> int:
        """With the name above."""
        return 1 if self.name else 1 + self.per_fold


@dataclass(frozen=True)
class Place:
    """A tile and its top left corner."""

    tile: Tile
    x: int
    y: int


@dataclass(frozen=True)
class Page:
    """Tiles that are seen during the steps [first, last]. missing: symbols that these read and that have no room."""

    first: int
    last: int
    places: tuple[Place, ...]
    missing: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Lines."""
        return max((place.y + place.tile.lines for place in self.places), default=0)


@lru_cache(maxsize=64)
def pages_of(setting: Setting, box: Box, height: int) -> tuple[Page, ...]:
    """The pages of a graph's arrays in at most `height` lines, in the order of the steps; none where one is too large.

    Numbers are as wide as can be with no more pages for it.
    """
    asked = (width_of(setting.digits),) if setting.digits else ()
    best: tuple[Page, ...] = ()
    for cell in (*asked, *range(NARROWEST, WIDEST + 1)):
        tiles = _tiles(setting, box, cell, height)
        pages = _pages(setting, tiles, height) if tiles else ()
        if pages and (not best or _worth(pages) <= _worth(best)):
            best = pages
            if cell in asked:
                break
    tiles = {place.tile.symbol: place.tile for page in best for place in page.places}
    cell = max((tile.cell for tile in tiles.values()), default=NARROWEST)
    return tuple(_filled(page, setting, box, _tiles(setting, box, cell, height), height) for page in best)


def _worth(pages: Sequence[Page]) -> tuple[int, int]:
    """How much is not seen, and how often a page is turned."""
    return sum(len(page.missing) for page in pages), len(pages)


def _tiles(setting: Setting, box: Box, cell: int, height: int) -> Mapping[str, Tile]:
    """By symbol; none where one of them has more dimensions than two or is wider or higher than the room."""
    tiles = {name: _tile(setting, name, cell, height) for name in box}
    fit = all(tile and tile.width <= setting.width and tile.lines <= height for tile in tiles.values())
    return {name: tile for name, tile in tiles.items() if tile} if fit else {}


def _tile(setting: Setting, symbol: str, cell: int, height: int) -> Tile | None:
    shape = setting.program.symbols[symbol].shape
    if len(shape) > 2:
        return None
    cell = setting.data_cells(symbol) or cell
    named = min(LONGEST_WITH_ROOM, cell_len(printable(setting.notation.symbol(symbol))))
    label = min(LONGEST_LABEL, widest_label(setting, symbol))
    if not shape:
        return Tile(symbol, 1, 1, 1, 0, 0, cell, named, 1 + named + 1 + cell)
    rows, columns = (1, *shape)[-2:]
    across = columns * ((label + 1 if label else 0) + cell + 1) - 1
    number = len(str(rows - 1)) if rows > min(MOST_LINES, height - 1) else 0
    one = across + (number + 1 if number else 0)
    most = max(1, (setting.width - 1 + FOLDS_APART) // (one + FOLDS_APART))
    wanted = -(-rows // max(1, min(MOST_LINES, height - 1)))
    folds = -(-rows // -(-rows // min(most, wanted)))
    width = 1 + max(named, folds * (one + FOLDS_APART) - FOLDS_APART)
    return Tile(symbol, rows, columns, folds, number, label, cell, 0, width)


def _packed(tiles: Iterable[Tile], order: Mapping[str, int], width: int, height: int) -> tuple[Place, ...] | None:
    """Tiles in shelves, the highest first, otherwise in the order of the program; None where they do not fit."""
    places: list[Place] = []
    x = y = shelf = 0
    for tile in sorted(tiles, key=lambda tile: (-tile.lines, order[tile.symbol])):
        if x and x + tile.width > width:
            x, y = 0, y + shelf
        if not x:
            shelf = tile.lines
        if y + tile.lines > height:
            return None
        places.append(Place(tile, x, y))
        x += tile.width + APART
    return tuple(places)


def _pages(setting: Setting, tiles: Mapping[str, Tile], height: int) -> tuple[Page, ...]:
    """Each step on the page of the one before it while all that they write and read has room there."""
    order = {name: place for place, name in enumerate(tiles)}
    pages: list[Page] = []
    for at, step in enumerate(setting.program.steps):
        concerned = (step.symbol, *step.read) if step.symbol in tiles else ()
        needed = [tiles[name] for name in dict.fromkeys(concerned) if name in tiles]
        if pages:
            both = dict.fromkeys([*(place.tile for place in pages[-1].places), *needed])
            places = _packed(both, order, setting.width, height)
            if places is not None and not pages[-1].missing:
                pages[-1] = Page(pages[-1].first, at, places)
                continue
        pages.append(_begun(at, needed, order, setting.width, height))
    return tuple(pages)


def _begun(at: int, needed: Sequence[Tile], order: Mapping[str, int], width: int, height: int) -> Page:
    """A page for one step: what it writes, and as much of what it reads as there is room for."""
    kept: list[Tile] = []
    places: tuple[Place, ...] = ()
    for tile in needed:
        found = _packed([*kept, tile], order, width, height)
        if found is not None:
            kept.append(tile)
            places = found
    return Page(at, at, places, tuple(tile.symbol for tile in needed if tile not in kept))


def _filled(page: Page, setting: Setting, box: Box, tiles: Mapping[str, Tile], height: int) -> Page:
    """The same with more arrays as far as there is room: those of the families that are there first."""
    order = {name: place for place, name in enumerate(tiles)}
    there = {place.tile.symbol for place in page.places}
    near = [name for family in box.families if there & {*family.symbols} for name in family.symbols]
    kept = [place.tile for place in page.places]
    places = page.places
    refused: set[tuple[int, int]] = set()
    for name in dict.fromkeys([*near, *tiles]):
        tile = tiles[name]
        size = tile.width, tile.lines
        if name in there or size in refused:
            continue
        found = _packed([*kept, tile], order, setting.width, height)
        if found is None:
            refused.add(size)
        else:
            kept.append(tile)
            places = found
    return Page(page.first, page.last, places, tuple(each for each in page.missing if each not in map(_symbol, kept)))


def _symbol(tile: Tile) -> str:
    return tile.symbol
