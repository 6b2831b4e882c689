"""Whom a line may be about elsewhere: who moved under another name, who stands in a row that slid."""
