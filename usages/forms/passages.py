"""Passages des usages qui demandent plus qu'un motif et une date."""

from usages.forms import preuves

__all__ = ["preuves"]
