"""The inner loops, compiled by Numba; each has a plain twin in `symvec.kernels.reference`."""
