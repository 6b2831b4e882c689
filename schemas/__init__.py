"""Nouns: what things are. Pydantic and plain dataclasses; no frames, no files but our own tables."""
