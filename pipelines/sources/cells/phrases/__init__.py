"""What phrases of the cells of a workbook mean."""
