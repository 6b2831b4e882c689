"""Invented countries: one nation as it is, for the night; one of any size, for how a night grows; pairs of extracts."""
