"""What is brought in before anything is read."""
