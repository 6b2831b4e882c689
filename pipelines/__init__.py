"""Verbs: pure functions, frames and nouns in, frames and nouns out."""
