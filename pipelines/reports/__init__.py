"""Chapter 5: what people read."""
