"""Commands that check the evidence against its sources and hand the coding to other programs."""

COMMANDS = []
