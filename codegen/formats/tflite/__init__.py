"""The `.tflite` container: a bounds-checked flatbuffer reader, the model reader, and a writer."""
