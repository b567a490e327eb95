"""The page: a brief rendered, fitted and typeset as exactly one sheet."""
