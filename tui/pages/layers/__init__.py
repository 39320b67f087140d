"""The tables of the layers: a box a layer, every number of an iteration in its place, or a line a matrix."""

from __future__ import annotations

from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.layers.matrix import matrix_page
from gradstep.tui.pages.layers.tables import layer_heights, layer_tables

__all__ = ["Beside", "layer_heights", "layer_tables", "matrix_page"]
