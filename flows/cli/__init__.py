"""The command line: words in, a job called, an exit code out."""
