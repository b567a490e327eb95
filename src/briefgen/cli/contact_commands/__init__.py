"""The subcommands of `briefgen contacts`."""
