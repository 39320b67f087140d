"""Every text of the screen and the command line, in modules named after the part of the program that uses them.

Those of the engine are in engine/words, which see; the texts on the steps of an iteration are in `steps`. The names
and descriptions of commands are in the registry of commands.
"""
