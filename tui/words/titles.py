"""The texts in the frame around a picture."""

from __future__ import annotations

from gradstep.engine.words.language import _

PICTURE = _("{pictures} at {position}")
ONE_OF_PICTURES = _("{picture} {place} of {count}")

# The keys, in as much detail as there is room for.
KEYS = _("Tab: another picture; ←→: the next of its kind; t: as text; s S i I n N f F step; Esc closes")
SHORT_KEYS = _("Tab another, ←→ next, t text, s S i I n N f F step, Esc closes")
KEYS_BUT_STEPS = _("Tab another, ←→ next, t text, Esc closes")
FEWEST_KEYS = _("Tab, ←→, t text, Esc closes")

# Before the keys, where the picture is larger than its frame.
SCROLLING = _("↑ ↓ Shift+←→ scroll; {keys}")
SCROLLING_DOWN = _("↑ ↓ scroll; {keys}")
SCROLLING_ACROSS = _("Shift+←→ scroll; {keys}")
