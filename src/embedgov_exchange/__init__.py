"""Checks against the sources, and files for other programs: coding as REFI-QDA, metadata as RO-Crate."""
