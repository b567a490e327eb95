"""Upkeep of a workspace: doctor, schedule, and forgetting a person."""
