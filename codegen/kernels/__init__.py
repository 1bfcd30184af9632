"""Kernel families: which functions compute a layer on a core, what data they read, what they cost."""
