"""The widgets, all of Textual: a sheet that scrolls a page, the program, the curve, bars, lists."""
