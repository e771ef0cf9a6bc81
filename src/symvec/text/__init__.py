"""Text: where it comes from, how it is read and what its words are.

Nothing is imported here, so that asking a saved model loads no decompressor.
"""
