"""Graph to Graph rewrites that never change an output bit."""
