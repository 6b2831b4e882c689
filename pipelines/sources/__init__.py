"""Chapter 1: from text to nouns; what can be believed of it, and the snapshot of the night."""
