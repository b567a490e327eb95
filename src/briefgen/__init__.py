"""briefgen: a one-page brief for every meeting ahead, from your own files."""

__version__ = "0.2.0"
