"""What sets an installation up: its configuration, its passwords, its empty workbook, its annuaire."""
