"""What one asks for between two nights: a module a command."""
