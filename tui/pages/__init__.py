"""From a moment to pages: what the panels show, as values that a `Sheet` lays out. Nothing here knows a widget."""

from tui.pages.dressing import AUTOMATIC, PRECISIONS, Page, View
from tui.pages.step import now_page, why_page
from tui.pages.values import picked_element, values_page

__all__ = ["AUTOMATIC", "PRECISIONS", "Page", "View", "now_page", "picked_element", "values_page", "why_page"]
