"""Chapter 3: what differs, and whose change it is."""
