"""From a moment to pages, the values that a `Sheet` lays out. Nothing here knows a widget."""
