"""What every test shares."""

from hypothesis import settings

from tests.browser import browser as browser

# The same examples on every machine, nothing kept on disk, no stop-watch on a busy one.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
