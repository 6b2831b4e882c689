"""The national files: rows of text become persons and cards, and one view of who a number is."""
