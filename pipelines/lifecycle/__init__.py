"""Chapter 4: what becomes of a change from night to night."""
