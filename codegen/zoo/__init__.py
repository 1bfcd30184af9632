"""A zoo of small networks: architectures as data, and the techniques that made them small."""
