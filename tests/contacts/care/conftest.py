"""A workspace and the command line, for the care of contacts."""

from contact_home import command, home, reported

__all__ = ["command", "home", "reported"]
