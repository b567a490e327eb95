"""Delivery: briefs written to their folder, mailed and printed, nothing lost, nothing twice."""
