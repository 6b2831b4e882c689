"""What a row tells of somebody else than its own person: it is never the row's own."""
