"""What comes in by mail, and what was in it."""
