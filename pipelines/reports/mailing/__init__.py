"""What leaves by mail, to whom, and how the night ended."""
