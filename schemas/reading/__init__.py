"""What is known of a file that was read: identity, account, issues, how full it was."""
