"""The net in full: where its edges stand for more weights than have room there, these are heat maps below it.

Where each stands follows from program and size alone, so that nothing moves while one steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.heat_maps import sheet_drawing, sheet_text, weights
from gradstep.tui.pictures.net.panel import net_heights, net_panel
from gradstep.tui.pictures.net.text import net_text
from gradstep.tui.text.drawing import Panel, placed

LEAST = 9  # lines in which maps of weights are worth a look
SHARE = 0.4  # of the lines, which the net has beside maps where it wants so many


def net_with_weights(moment: Moment, view: View, width: int, height: int) -> Panel:
    """The net, with an inside of exactly width × height cells; below it the weights, each beside its gradient."""
    sheet = weights(moment.program)
    least, best = net_heights(moment.scenario, view, width)
    net_lines = max(least, min(best, int(height * SHARE)))
    lines = height - net_lines - 1
    if not sheet.symbols or not moment.scenario.network.layered or lines < LEAST:
        return net_panel(moment, view, width, height)
    panel = net_panel(moment, view, width, net_lines)
    maps = sheet_drawing(moment, view, sheet, width, lines)
    return replace(panel, inside=placed(width, height, [(0, 0, panel.inside), (0, net_lines + 1, maps)]))


def net_with_weights_text(moment: Moment, view: View, row: int) -> Sequence[str]:
    """The same in words, for a row of the batch."""
    sheet = weights(moment.program)
    if not sheet.symbols or not moment.scenario.network.layered:
        return net_text(moment, view.notation, row)
    return (*net_text(moment, view.notation, row), *sheet_text(moment, view, sheet))
