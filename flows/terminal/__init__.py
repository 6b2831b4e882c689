"""What one sees in a terminal: progress, help, completion, and the screen of each command."""
