"""A workspace and the command line, for what looks after a workspace."""

from contact_home import command, home, reported

__all__ = ["command", "home", "reported"]
