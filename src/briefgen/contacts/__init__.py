"""Contacts: the people on file, one YAML file each (vCard terms, RFC 6350)."""
