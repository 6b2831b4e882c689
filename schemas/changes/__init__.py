"""A change and its life: who may enter it, what was answered, what waits, what the store tells."""
