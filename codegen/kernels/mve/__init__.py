"""Kernels for Helium, the vectors of Armv8.1-M."""
