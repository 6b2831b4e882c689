"""Chapter 2: who is who."""
