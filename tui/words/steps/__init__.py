"""What a step is and why it is so, in words, for people who learn backpropagation.

`catalogue` holds every text, gathered from a table for each part of an iteration; `filling` finds those that belong to
a step and puts its own names into them.
"""

from __future__ import annotations

from tui.words.steps.catalogue import CATALOGUE
from tui.words.steps.entry import Entry
from tui.words.steps.filling import about, keys

__all__ = ["CATALOGUE", "Entry", "about", "keys"]
