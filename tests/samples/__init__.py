"""Data over which the tests draw figures."""
