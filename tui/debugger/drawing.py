"""Pictures in the place of the panels, and opening what is chosen: a matrix in full, an explanation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len

from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.explaining import explain_picked, nothing_to_explain
from gradstep.tui.debugger.panels import beside
from gradstep.tui.debugger.stepping import picked
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.arrangement import PICTURE, PROGRAM, TABLES
from gradstep.tui.text.drawing import Drawing, Panel, drawn
from gradstep.tui.text.folding import folded
from gradstep.tui.text.page import Page
from gradstep.tui.words import drawing as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.trends import Trends  # loaded when norms are looked at

MOST_TRENDS = 60  # iterations whose norms are drawn


def next_picture(bench: Workbench) -> None:
    """The next kind of picture in the place of net, step and tables; after the last, these again."""
    from gradstep.tui.pictures.albums import next_picture as following  # noqa: PLC0415 - not before the first frame

    bench.picture = following(bench.moment, bench.view, bench.picture)
    bench.which, bench.told = 0, None
    bench.focus = PICTURE if bench.picture else PROGRAM
    bench.full = False
    bench.show()


def no_picture(bench: Workbench) -> str | None:
    """The reason why there is nothing to turn over."""
    return None if bench.picture else words.NO_PICTURE


def turn(bench: Workbench, by: int) -> None:
    """The next picture of this kind, or the one before."""
    bench.which += by
    if bench.told is not None:
        bench.told.top = 0
    bench.show()


def as_text(bench: Workbench) -> None:
    """The picture in words and numbers; a second time, as a picture again."""

    def page(width: int) -> Page:
        from gradstep.tui.pictures.albums import picture_text  # noqa: PLC0415 - not before the first frame

        texts = picture_text(bench.moment, bench.view, bench.picture, bench.which, partial(norms, bench))
        return [line for text in texts for line in folded(text, width, indent=len(text) - len(text.lstrip()) + 2)]

    was_told = bench.told is not None
    bench.told = None if was_told else Drawer("as_text", lambda: bench.picture, page, about=words.TEXT_KEYS)
    bench.show()


def pictured(bench: Workbench, width: int, height: int) -> Panel:
    """The picture that is seen, or what it says."""
    from gradstep.tui.pictures.albums import picture_panel  # noqa: PLC0415 - not before the first frame

    if bench.told is not None:
        return bench.told.panel(width, height, ascii=bench.view.notation.ascii)
    panel = picture_panel(bench.moment, bench.view, bench.picture, bench.which, width, height, partial(norms, bench))
    return replace(panel, foot=_keys())


def _keys() -> Drawing:
    """The keys for pictures, in the lower edge, where titles never push them out."""
    return drawn([((words.PICTURE_KEYS, "quiet"),)], cell_len(words.PICTURE_KEYS), 1)


def norms(bench: Workbench) -> Trends | None:
    """Those of all iterations that have run; None while they are not computed yet."""
    from gradstep.engine.analysis.trends import trends  # noqa: PLC0415 - few look at them

    timeline = bench.timeline
    key = timeline.branch.name, max(1, len(bench.moment.losses))
    if key not in bench.norms and not bench.window.busy:

        def done(result: Trends) -> None:
            bench.norms = {key: result}
            bench.show()
            bench.say("")

        label = words.COMPUTING_NORMS(key[1])
        bench.window.work(label, lambda progress: trends(timeline, 1, key[1], progress, MOST_TRENDS), done)
    return bench.norms.get(key)


def open_chosen(bench: Workbench) -> None:
    """Open what has the focus: in the tables the matrix that was picked or written, elsewhere the picked number."""
    if bench.focus == TABLES:
        open_matrix(bench)
    else:
        explain_picked(bench)


def nothing_to_open(bench: Workbench) -> str | None:
    """The reason why nothing can be opened."""
    return nothing_to_explain(bench)


def open_matrix(bench: Workbench) -> None:
    """The whole matrix, to be scrolled; it follows while one steps."""
    from gradstep.tui.pages.layers.matrix import matrix_page  # noqa: PLC0415 - not before the first frame

    element = picked(bench)
    assert element is not None, "there is something to open"
    symbol = element.symbol

    def page(width: int) -> Page:
        return matrix_page(bench.moment, bench.view, symbol, width, beside(bench))

    bench.open(Drawer("matrix", lambda: bench.view.notation.symbol(symbol), page, about=words.KEYS, whole=True))
