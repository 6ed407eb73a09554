"""Exchange with other programs and with the sources: verification, REFI-QDA, metadata of the whole."""
