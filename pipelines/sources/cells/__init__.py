"""What one cell of a regional workbook says, in whatever words."""
