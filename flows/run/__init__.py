"""The one thing the wires carry through a run: what was asked, the day, the state, who carries out the steps."""
