"""Panels that are still to come."""

from gradstep.tui.pages.values import values_page
from gradstep.tui.pictures.net import net_page
from gradstep.tui.text.drawing import Panel, drawn
from gradstep.tui.text.page import lay_out


def figures_badge(bench):
    return ()


def health_badge(bench):
    return ()


def hint(bench):
    return ()


def net_heights(scenario, view, width):
    return 7, 9


def layer_heights(scenario, view, width):
    return 12, 20


def _paged(title, page, width, height):
    layout = lay_out(page, width)
    return Panel(
        ((title, "text"),),
        drawn([layout.line(y, 0, width, 0) for y in range(min(height, layout.height))], width, height),
    )


def net_panel(moment, view, width, height):
    return Panel(
        (("net", "text"),),
        drawn([line.pieces for line in net_page(moment, view.notation, width, height)], width, height),
    )


def layer_tables(moment, view, width, height, beside):
    return (_paged("values", values_page(moment, view, width, beside), width, height - 2),)


def pictured(bench, width, height):
    return Panel((), drawn([], width, height))
