"""The workspace: the folder a person works in, and what is written in it."""
