"""Why the night says what it says of one person: what every source has, match, rules, route."""
