"""What a command ends with (contract §1)."""

EXIT_DONE, EXIT_STOPPED, EXIT_USAGE, EXIT_PARTIAL, EXIT_HELD = range(5)
