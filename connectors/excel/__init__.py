"""Workbooks: the reports that go out, what comes back of them, and how they are sealed."""
