"""Who may be one person, or carries another's number: seen together, told once."""
