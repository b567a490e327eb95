"""A workspace without contacts, and the command line in it."""

from contact_home import command, home, reported

__all__ = ["command", "home", "reported"]
