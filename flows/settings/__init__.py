"""The decisions of a deployment: environment over TOML, read once, every mistake at once."""
