"""The night, top to bottom, and what it leaves."""
