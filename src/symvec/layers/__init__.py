"""Embedding layers in NumPy, PyTorch, Keras and JAX, and optimisers for the rows they touch.

No framework is imported before its own module is: ``symvec.layers.torch`` needs the extra
``torch``, ``symvec.layers.keras`` the extra ``keras``, ``symvec.layers.jax`` the extra ``jax``.
"""
