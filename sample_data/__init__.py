"""One invented country, in the national formats: made by `python -m sample_data.generate`."""
