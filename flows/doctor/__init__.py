"""What is wrong with this installation: one module per part of it, one function per line."""
