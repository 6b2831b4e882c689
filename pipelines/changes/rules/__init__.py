"""One module per family of reasons; each rule is a predicate with its code (contract §6)."""
