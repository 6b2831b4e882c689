"""Servers that are asked over HTTPS."""
