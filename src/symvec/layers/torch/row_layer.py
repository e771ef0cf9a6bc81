"""What the lookup and the bags share: ids, norms, and tables that are whole when saved."""

from __future__ import annotations

from typing import Any

import torch

from symvec.errors import InputError
from symvec.ids import Missing, check_missing
from symvec.layers.torch.findings import Findings
from symvec.layers.torch.ids import IN_GRAPHS, as_id_tensor, checked, checked_ids, is_traced
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
        if self.missing == "raise":
            if is_traced(ids):
                return checked_ids(tensor, row_count), None
            return self._where_the_weight_is(ids, checked(tensor, row_count, self.findings)), None
        tensor = self._where_the_weight_is(ids, tensor)
        outside = (tensor < 0) | (tensor >= row_count)
        row = self.unknown_row if self.missing == "row" and self.unknown_row is not None else 0
        zeroed = outside if self.missing == "zero" else None
        return torch.where(outside, row, tensor), zeroed

    def _where_the_weight_is(self, given: object, ids: Any) -> Any:
        """Return ids of lists and arrays on the weight's device; tensors stay where they are."""
        is_tensor = isinstance(given, torch.Tensor | torch.fx.Proxy)
        return ids if is_tensor else ids.to(self.weight.device)

    def row_ids_here(self, ids: object) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return the same on the processor, where row optimisers work; bad ids are told at once."""
        tensor = as_id_tensor(ids)
        return self.row_ids(tensor if tensor.device.type == "meta" else tensor.cpu())

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

    @property
    def findings(self) -> Findings:
        """What this layer's checks found on a device that is not waited for."""
        found = self.__dict__.get("_findings")
        if found is None:
            found = self.__dict__["_findings"] = Findings()
        return found

    def raise_bad_ids(self) -> None:
        """Wait for the graphics card, and raise what it found and no call has told yet.

        A bad id on a card is told of at a later call of the layer; call this after the last one,
        and after a captured graph was replayed. On a processor each call tells at once.

        Raises:
            IdError: an earlier call's ids held one that the table does not have.
        """
        self.findings.raise_found(wait=True)
        IN_GRAPHS.raise_found(wait=True)

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
        state.pop("_findings", None)
        return state


@torch.no_grad()
def limit_norms(weight: torch.Tensor, ids: torch.Tensor, max_norm: float, norm_type: float) -> None:
    """Scale rows that are read and too long to ``max_norm``, in place."""
    torch.embedding_renorm_(weight.detach(), ids.contiguous(), max_norm, norm_type)
