"""The machine: files, folders, names, databases, what is open and closed."""
