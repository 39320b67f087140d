"""The picture of what a network with two inputs has learned: its output over the plane of its inputs, as characters.

The forward pass runs on the rows of a grid with the parameters at the cursor (`plane`); the data lie on top
(`points`). One output is drawn by `levels`, several of a classification by the class that wins (`output`), either in
`colours` where there are some. `page` puts
the picture together, `text` says the same in numbers.
"""

from gradstep.tui.pictures.surface.output import outputs, why_not
from gradstep.tui.pictures.surface.page import surface_drawing, surface_page
from gradstep.tui.pictures.surface.text import surface_text

__all__ = ["outputs", "surface_drawing", "surface_page", "surface_text", "why_not"]
