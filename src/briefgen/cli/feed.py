"""`briefgen feed`: what the calendar says, and how fresh it is."""

import click


@click.group()
def feed() -> None:
    """What the calendar says, and how fresh it is."""
