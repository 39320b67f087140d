"""The step that has just run, as arithmetic that one could do by hand.

`step_panel` is what the screen shows; the forms it takes stand in a module each: elements, products of matrices,
reductions to one number, rows of the data.
"""

from gradstep.tui.pages.step.panel import line_width, step_heights, step_panel

__all__ = ["line_width", "step_heights", "step_panel"]
