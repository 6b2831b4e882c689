"""What people write around an answer, or beside it: who did it, since when, whose number it is."""
