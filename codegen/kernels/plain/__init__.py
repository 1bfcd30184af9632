"""Faster kernels in plain C for cores without the DSP extension."""
