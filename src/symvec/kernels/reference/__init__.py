"""Plain NumPy twins of the kernels: the same names and signatures, written like the formula."""
