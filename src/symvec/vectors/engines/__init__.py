"""Neighbours by an approximate index, for tables in which the exact search takes too long."""

from symvec.vectors.engines.approximate import Approximation, approximate_neighbours
from symvec.vectors.engines.engine import ENGINES, Engine, Index

__all__ = ["ENGINES", "Approximation", "Engine", "Index", "approximate_neighbours"]
