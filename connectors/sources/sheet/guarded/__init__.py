"""The processes in which spreadsheets are opened, and what they say of a file; each runs as a script too."""
