"""Kernels for the Arm DSP extension: Cortex-M4, M7, M33."""
