"""Whether a source is whole: read to its end, not being written, not much less than it was."""
