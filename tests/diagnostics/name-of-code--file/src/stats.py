"""A single file."""
