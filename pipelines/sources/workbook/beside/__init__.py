"""What is told beside the rows of people: legends, footnotes, columns that are not read, lists of who left."""
