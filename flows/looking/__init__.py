"""What can be seen without writing anything: a day's snapshot, one person, one file, two files."""
