"""National files are texts: how bytes become lines, lines cells, and a block of them is judged at a glance."""
