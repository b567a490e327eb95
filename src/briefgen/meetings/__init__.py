"""Meetings: occurrences of the feed's events (RFC 5545), as they will really take place."""
