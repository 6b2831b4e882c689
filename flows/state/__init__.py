"""Our own state, as a run or a command finds it: whose it is, what it knows, what watches over it."""
