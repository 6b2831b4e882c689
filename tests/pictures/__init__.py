"""The pictures of `docs/pictures/`, made from the sample data by `make pictures`.

One module a kind: what is read in a mail program, printed from a workbook, seen in a browser, read on a terminal.
"""
