"""The steps and their parts as Prefect tasks, in this process or on the workers of a cluster."""
