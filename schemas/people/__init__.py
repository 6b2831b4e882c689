"""Who and where: accounts, persons, cards, structures, lines, and how alike they are."""
