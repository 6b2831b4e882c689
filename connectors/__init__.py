"""Doors: one module per outside system, told where to open, never asking."""
