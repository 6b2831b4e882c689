"""The files of the invented country, each written by the module of its name."""
