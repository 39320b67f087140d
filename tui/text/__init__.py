"""How things are written in cells: numbers, names, signs, tables, folded lines, pages."""
