"""The texts on each kind of step and why it is so, for people who learn backpropagation.

`catalogue` gathers every text from a table for each part of an iteration.
"""

from __future__ import annotations

from gradstep.tui.words.steps.catalogue import CATALOGUE
from gradstep.tui.words.steps.entry import Entry

__all__ = ["CATALOGUE", "Entry"]
