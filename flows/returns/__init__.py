"""What comes back: files and mails, taken in once, each with its receipt."""
