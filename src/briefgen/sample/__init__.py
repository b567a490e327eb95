"""The files that `briefgen init` makes a workspace of."""
