"""The texts of a search for symbols, names, labels and elements."""

from __future__ import annotations

from gradstep.engine.words.language import _

SEARCH_SUCH_AS = _("dW or w5 or W1[300,20] or largest W1")
SEARCH = _("search: a symbol, name, label or element; largest or smallest and a symbol")

FOUND = _("found")
KEYS = _("Enter shows one, Esc closes")

NOT_COMPUTED = _("{symbol} is not computed yet")
NOTHING_SEARCHED = _("nothing was searched for: / searches symbols, names, labels and elements")
FOUND_NOT_COMPUTED = _("{name}, not computed yet")
ONE_OF_FOUND = _("{place:,} of {count:,}: {found}; , and . go on")
