"""An index of a national extract: what every row is and where it lies, whoever is wanted (docs/bytescan.md)."""
