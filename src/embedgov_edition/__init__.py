"""Editions in other languages: the messages of the sources, their catalogues, a translated copy."""
