"""Post-training quantization: a float network and a stream of inputs in, an int8 network out."""
