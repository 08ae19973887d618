"""How the tests run: the same examples every time, and nothing left in the tree."""

from hypothesis import settings

settings.register_profile("kernelgen", database=None, deadline=None, derandomize=True)
settings.load_profile("kernelgen")
