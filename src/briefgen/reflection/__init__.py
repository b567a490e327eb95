"""Reflection: the five minutes after a meeting, from the answers to the contact's file."""
