"""Reads `.keras` files without Keras: the configuration is data, the weights are arrays, no code runs."""
