"""Measures inference servers beside each other. See ../README.md."""
