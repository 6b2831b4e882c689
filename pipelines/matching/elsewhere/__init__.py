"""Whom a line may be about elsewhere: who moved, has a row already, stands in one that slid, or is wanted by two."""
