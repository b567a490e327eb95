"""The nightly run: planned first, then carried out, safe to repeat."""
