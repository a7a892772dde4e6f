"""Clients by which a training reports its progress."""
