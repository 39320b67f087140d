"""What every test needs: an environment in which the screen looks the same everywhere.

Colours, theme and cursor come from the environment, which Textual reads when it is imported; so it is set here, before.
"""

from __future__ import annotations

import os

for _name in ("NO_COLOR", "TEXTUAL_THEME", "FORCE_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(_name, None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TERM"] = "xterm-256color"

pytest_plugins = ["pytester"]
