"""One row of a workbook: its cells, and the line about a person that is made of them."""
