"""What the lookup and the bags share: ids, norms, and tables that are whole when saved."""

from __future__ import annotations

from typing import Any

import torch

from symvec.errors import InputError
from symvec.ids import Missing, check_missing
from symvec.layers.torch.ids import DeferredCheck, as_id_tensor, checked, checked_ids, is_traced
from symvec.layers.torch.registry import flush, is_marked


class RowLayer(torch.nn.Module):
    """What the lookup and the bags share: saving and loading whole tables, and missing ids.

    Attributes:
        weight: (rows, D), the table.
    """

    weight: Any  # a parameter: torch's own annotation of it is that of its parent class
    padding_idx: int | None
    missing: Missing = "raise"
    unknown_row: int | None = None

    def set_missing(self, missing: Missing, unknown_row: int | None) -> None:
        """Say how ids without a row are met; constructors call this."""
        check_missing(missing, unknown_row, self.weight.shape[0])
        self.missing, self.unknown_row = missing, unknown_row

    def flush(self) -> None:
        """Bring rows that an ``exact`` optimiser left behind up to date in ``weight``."""
        flush(self.weight)

    def row_ids(self, ids: object) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return ids that the table has, and where the vector that is read must count as zero.

        Raises:
            IdError: values that are no ids, or that the table does not have under ``"raise"``.
        """
        tensor: Any = ids if isinstance(ids, torch.fx.Proxy) else as_id_tensor(ids)
        row_count = self.weight.shape[0]
        numbers = not isinstance(ids, torch.Tensor | torch.fx.Proxy)
        if numbers and tensor.device != self.weight.device:
            tensor = tensor.to(self.weight.device)
        if self.missing == "raise":
            if is_traced(ids):
                return checked_ids(tensor, row_count), None
            return checked(tensor, row_count, self._deferred_check()), None
        outside = (tensor < 0) | (tensor >= row_count)
        row = self.unknown_row if self.missing == "row" and self.unknown_row is not None else 0
        zeroed = outside if self.missing == "zero" else None
        return torch.where(outside, row, tensor), zeroed

    def check_not_traced(self, ids: object) -> None:
        """Refuse to make a graph of a layer whose weight a row optimiser trains.

        Raises:
            InputError: ids that are symbols of a graph.
        """
        if isinstance(ids, torch.fx.Proxy) and is_marked(self._parameters.get("weight")):
            raise InputError(
                "a graph would read rows that the row optimiser left behind: trace the model "
                "before you make the optimiser, or use torch.compile"
            )

    def _deferred_check(self) -> DeferredCheck:
        check = self.__dict__.get("_check")
        if check is None:
            check = self.__dict__["_check"] = DeferredCheck()
        return check

    def _save_to_state_dict(self, *arguments: Any, **options: Any) -> None:
        self.flush()
        super()._save_to_state_dict(*arguments, **options)

    def _load_from_state_dict(self, *arguments: Any, **options: Any) -> None:
        self.flush()  # so that no missed step is replayed onto what is loaded
        super()._load_from_state_dict(*arguments, **options)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is copied or saved: a whole table."""
        self.flush()
        state = self.__dict__.copy()
        state.pop("_check", None)
        return state


@torch.no_grad()
def limit_norms(weight: torch.Tensor, ids: torch.Tensor, max_norm: float, norm_type: float) -> None:
    """Scale rows that are read and too long to ``max_norm``, in place."""
    torch.embedding_renorm_(weight.detach(), ids.contiguous(), max_norm, norm_type)
