"""What holds for tests and for the examples in docstrings."""

import os

# Keras needs a framework below it, and TensorFlow is none of the test set-up.
os.environ.setdefault("KERAS_BACKEND", "torch")
