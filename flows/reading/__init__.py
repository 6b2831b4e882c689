"""The sources of a night opened in their order, and the snapshot that comes of them."""
