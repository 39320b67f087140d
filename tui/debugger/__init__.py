"""The debugger's screen, its commands, and the workbench that they work on."""
