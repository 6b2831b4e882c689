"""One module per kind of file, and what they share: lines and cells as text, the guard before a file is opened."""
