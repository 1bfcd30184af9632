"""The integers that every operation computes with, and the bounds that they keep."""
