"""Frames of text become nouns; what does not fit becomes an issue, and costs its row or its field only."""
