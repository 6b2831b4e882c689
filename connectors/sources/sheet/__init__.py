"""A spreadsheet as grids of text, whatever its format: what the readers of workbooks and exports share."""
