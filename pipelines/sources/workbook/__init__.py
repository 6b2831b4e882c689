"""A regional workbook as its author meant it: which rows, which sheet, which person."""
