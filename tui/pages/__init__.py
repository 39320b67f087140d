"""From a moment to pages, the values that a `Sheet` lays out. Nothing here knows a widget."""

from gradstep.tui.pages.step import now_page
from gradstep.tui.pages.values import Beside, picked_element, values_page
from gradstep.tui.pages.view import AUTOMATIC, PRECISIONS, View
from gradstep.tui.pages.why import why_page

__all__ = ["AUTOMATIC", "PRECISIONS", "Beside", "View", "now_page", "picked_element", "values_page", "why_page"]
