"""The brief: from a meeting and its participants to the right few lines, each with its source."""
