"""Aside: two national files, or two nights, side by side."""
