"""Contacts to and from other programs: vCard, CSV, mail."""
