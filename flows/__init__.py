"""Wires: when and in what order. Only here are Prefect, the settings and the clock known."""
