"""One module per file format; its name is its registration."""
