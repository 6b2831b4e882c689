"""Whole nights on a labelled country where people carry each other's numbers, judged by what becomes of them."""
