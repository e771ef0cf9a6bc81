"""A word as a sum of attributes: atoms that are found, and axes that are given."""

from symvec.vectors.attributes.atoms import Atoms, Attribute, learn_atoms
from symvec.vectors.attributes.axes import Axis, AxisPlace, axis_of, parse_axis
from symvec.vectors.attributes.changes import AttributeChange, attribute_changes
from symvec.vectors.attributes.coding import sparse_codes

__all__ = [
    "Atoms",
    "Attribute",
    "AttributeChange",
    "Axis",
    "AxisPlace",
    "attribute_changes",
    "axis_of",
    "learn_atoms",
    "parse_axis",
    "sparse_codes",
]
