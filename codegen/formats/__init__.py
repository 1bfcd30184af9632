"""Model files, read and written: TensorFlow Lite and Keras."""
