"""Random networks of single operators, compared three ways: tflite-micro, the golden model and the generated C."""
