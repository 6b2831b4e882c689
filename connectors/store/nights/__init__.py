"""What the store keeps of runs: the annuaire of each night, changes, digests, holds."""
