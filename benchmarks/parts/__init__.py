"""The parts of `make bench`, one module each with `bench(run: Run) -> str`."""
