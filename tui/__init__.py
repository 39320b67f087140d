"""The screen and the command line; README.md says how the rooms lie."""
