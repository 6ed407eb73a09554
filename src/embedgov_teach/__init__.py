"""Kits for teaching: coding sheets and their scores, hand-outs, the lab."""
