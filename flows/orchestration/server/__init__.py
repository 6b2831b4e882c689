"""The Prefect server: whether it answers, and what is asked of it."""
