"""What any study can use: coding, agreement, bounds, multiverse, a ledger of claims, figures."""
