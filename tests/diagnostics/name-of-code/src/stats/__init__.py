"""Python code of its own."""
