"""How a night grows with the accounts: measured in sizes, and drawn."""
