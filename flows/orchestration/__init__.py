"""The runs as Prefect carries them out: the same steps as from the command line, each a task.

Nothing here decides anything about the annuaire; importing it imports Prefect, so the command line never does.
"""
