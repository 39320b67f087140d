"""The size of a scenario in words."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

NODES = plural("{count:,} node", "{count:,} nodes")
SAMPLES = plural("{count:,} sample", "{count:,} samples")
TO_TEST_ON = _("{rows:,} to test on")
ITERATIONS = plural("{count:,} iteration", "{count:,} iterations")
