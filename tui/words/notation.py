"""The texts that stand within arithmetic."""

from __future__ import annotations

from gradstep.engine.words.language import plural

# Instead of the terms that are left out of a long sum, in numbers: how many they are, and what they come to.
REST = plural("(the other term: {value})", "(the other {count} terms: {value})")
