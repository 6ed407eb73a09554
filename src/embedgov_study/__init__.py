"""Embedded Governance: a published multi-case study re-done in the open."""
