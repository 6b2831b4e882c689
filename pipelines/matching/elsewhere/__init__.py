"""Whom a line may be about elsewhere: who moved under another name, has a row already, or stands in one that slid."""
