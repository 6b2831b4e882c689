"""Words that no table has, read as the annuaire has the people of their rows (`reading_thresholds.csv`)."""
