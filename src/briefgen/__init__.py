"""briefgen: a one-page brief for every meeting ahead, from your own files."""

import os

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # the search takes 0.03 s

__version__ = "0.2.0"
