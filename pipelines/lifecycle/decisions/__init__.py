"""What comes back: which answers count, what they mean, what is said of the others."""
