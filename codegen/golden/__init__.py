"""The golden model: TensorFlow Lite Micro in numpy, bit for bit, on every tensor."""
