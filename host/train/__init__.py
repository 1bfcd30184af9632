"""Training of small networks, from pictures to an int8 model; TensorFlow is imported here and nowhere else."""
