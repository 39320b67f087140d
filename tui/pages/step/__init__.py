"""The step that has just run, as arithmetic that one could do by hand.

`step_panel` is what the screen shows; the forms it takes stand in a module each: elements, products of matrices,
reductions to one number, rows of the data.
"""

from gradstep.tui.pages.step.notes import WHY
from gradstep.tui.pages.step.panel import line_width, step_heights, step_most, step_panel, writes_all_out

__all__ = ["WHY", "line_width", "step_heights", "step_most", "step_panel", "writes_all_out"]
