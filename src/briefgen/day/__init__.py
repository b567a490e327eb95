"""A day's briefs: prepared from the workspace, made, packed, and found again."""
