"""Whom a row concerns: the definition, cell by cell, and what is certain of a cell without another look."""
