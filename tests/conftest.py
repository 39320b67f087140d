"""What every test needs: an environment in which the screen looks the same everywhere.

Colours, theme and cursor come from the environment, which Textual reads when it is imported; so it is set here, before.
The workers inherit it.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

for _name in ("NO_COLOR", "TEXTUAL_THEME", "FORCE_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(_name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TERM"] = "xterm-256color"
# Matrices are small and every core has a worker: a BLAS whose threads wait for one another would take most of the time.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

pytest_plugins = ["pytester"]

# The same examples every time, so that a test fails because of a change and of nothing else. HYPOTHESIS_PROFILE=seeking
# looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("seeking", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure() -> None:
    """Screens are read when they are drawn."""
    from tests import idle  # noqa: PLC0415 - it imports Textual

    idle.use()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than there are cores, for those that wait; each takes seconds to collect all tests."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What pytest and the libraries hold stays for good: looking through it for garbage takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
