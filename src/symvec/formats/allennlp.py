"""ELMo as AllenNLP and bilm-tf keep it: a folder of options (JSON) and weights (HDF5).

HDF5 needs the extra ``elmo`` (h5py). Nothing in either file can run code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from symvec.arrays import AnyArray
from symvec.contextual import Architecture, ContextualEncoder, Weights
from symvec.contextual.architecture import filter_pairs
from symvec.contextual.characters import ByteCharacters
from symvec.contextual.weights import DIRECTIONS, shapes
from symvec.errors import FileError, FormatError, InputError
from symvec.files import PathLike, write_atomically
from symvec.optional import require

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_LARGEST_OPTIONS_BYTES = 1 << 20


def open_published_elmo(folder: PathLike) -> ContextualEncoder:
    """Open a folder that holds one file of options (JSON) and one of weights (HDF5).

    Their names do not matter: they are told apart by their content.

    Raises:
        FileError: the folder cannot be read.
        FormatError: it has not one of each, or they do not fit together.
        MissingExtraError: h5py is not installed.
    """
    options_path, weights_path = _find(Path(folder))
    architecture = _architecture(options_path)
    h5py = require("h5py", extra="elmo")
    try:
        with h5py.File(weights_path, "r") as file:
            tensors = _tensors(file, architecture, weights_path)
        weights = Weights.from_tensors(tensors, architecture)
    except InputError as error:
        raise FormatError(f"{weights_path} does not fit {options_path}: {error}") from error
    except (OSError, RuntimeError) as error:
        raise FormatError(f"{weights_path} is damaged or cut short: {error}") from error
    provenance = {"opened": {"options": options_path.name, "weights": weights_path.name}}
    return ContextualEncoder(architecture, weights, provenance=provenance)


def holds_options(folder: Path) -> bool:
    """Return whether a folder has a file of an ELMo's options."""
    try:
        return any(_is_options(path) for path in folder.iterdir() if path.is_file())
    except OSError:
        return False


def write_published_elmo(encoder: ContextualEncoder, folder: PathLike) -> None:
    """Write ``options.json`` and ``weights.hdf5`` as AllenNLP and bilm-tf read them.

    Raises:
        FormatError: the format cannot hold what the encoder is.
        OutputError: the folder or a file cannot be written.
        MissingExtraError: h5py is not installed.
    """
    if encoder.characters.kind != ByteCharacters.kind:
        raise FormatError(
            f"AllenNLP's files hold words read as bytes, this model reads {encoder.characters.kind}"
        )
    h5py = require("h5py", extra="elmo")
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    tensors = encoder.weights.to_tensors()
    with write_atomically(place / "weights.hdf5") as out, h5py.File(out, "w") as file:
        for name, shape in shapes(encoder.architecture):
            stored = tensors[name]
            if name.startswith("filters.") and not name.endswith(".bias"):
                stored = stored.reshape(1, *shape)
            file[_published_name(name)] = stored
    with write_atomically(place / "options.json") as out:
        out.write(json.dumps(_options(encoder.architecture), indent=1).encode())


def _find(folder: Path) -> tuple[Path, Path]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise FileError(f"cannot read the folder {folder}: {error.strerror}") from error
    options = [path for path in files if _is_options(path)]
    weights = [path for path in files if _has_weights(path)]
    if len(options) != 1 or len(weights) != 1:
        raise FormatError(
            f"{folder}: expected one file of options (JSON with 'char_cnn' and 'lstm') and one of "
            f"weights (HDF5 with 'char_embed'), found {len(options)} and {len(weights)}"
        )
    return options[0], weights[0]


def _is_options(path: Path) -> bool:
    if path.stat().st_size > _LARGEST_OPTIONS_BYTES:
        return False
    try:
        options = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(options, dict) and {"char_cnn", "lstm"} <= set(options)


def _has_weights(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(len(HDF5_MAGIC)) != HDF5_MAGIC:
            return False
    h5py = require("h5py", extra="elmo")
    try:
        with h5py.File(path, "r") as hdf5:
            return "char_embed" in hdf5
    except (OSError, RuntimeError) as error:
        raise FormatError(f"{path} is damaged or cut short: {error}") from error


def _architecture(path: Path) -> Architecture:
    options = json.loads(path.read_bytes())
    try:
        characters, lstm = options["char_cnn"], options["lstm"]
        stated = characters["n_characters"]
        if stated not in (ByteCharacters.count, ByteCharacters.count + 1):
            raise InputError(
                f"n_characters must be {ByteCharacters.count} (256 bytes and five marks) or one "
                f"more (AllenNLP counts a mask as number 0), got {stated!r}"
            )
        return Architecture(
            characters=ByteCharacters.count,
            character_size=characters["embedding"]["dim"],
            most_characters=characters["max_characters_per_token"],
            filters=filter_pairs(characters["filters"]),
            activation=characters["activation"],
            highways=characters["n_highway"],
            layers=lstm["n_layers"],
            cell_size=lstm["dim"],
            projection_size=lstm["projection_dim"],
            skip_connections=bool(lstm["use_skip_connections"]),
            cell_clip=lstm.get("cell_clip"),
            projection_clip=lstm.get("proj_clip"),
        )
    except KeyError as error:
        raise FormatError(f"{path} lacks the option {error}") from error
    except (InputError, TypeError) as error:
        raise FormatError(f"{path}: {error}") from error


def _options(architecture: Architecture) -> Mapping[str, object]:
    return {
        "lstm": {
            "cell_clip": architecture.cell_clip,
            "use_skip_connections": architecture.skip_connections,
            "n_layers": architecture.layers,
            "proj_clip": architecture.projection_clip,
            "projection_dim": architecture.projection_size,
            "dim": architecture.cell_size,
        },
        "char_cnn": {
            "embedding": {"dim": architecture.character_size},
            "filters": [list(pair) for pair in architecture.filters],
            "n_highway": architecture.highways,
            "n_characters": architecture.characters + 1,  # AllenNLP counts its mask
            "max_characters_per_token": architecture.most_characters,
            "activation": architecture.activation,
        },
    }


def _tensors(
    file: Mapping[str, AnyArray], architecture: Architecture, path: Path
) -> dict[str, AnyArray]:
    """Return the weights by symvec's names; sizes are compared before anything is read."""
    tensors = {}
    for name, shape in shapes(architecture):
        published = _published_name(name)
        if published not in file:
            raise FormatError(f"{path} lacks the data set {published!r}")
        data = file[published]
        found = tuple(data.shape)
        one_height = name.startswith("filters.") and found[:1] == (1,) and len(found) == 4
        if (found[1:] if one_height else found) != shape:
            raise FormatError(
                f"{path}: {published!r} has the shape {found}, by the options it should be "
                f"{(1, *shape) if one_height else shape}{_hint(name, found, shape)}"
            )
        array = np.asarray(data)
        tensors[name] = array[0] if one_height else array
    return tensors


def _hint(name: str, found: tuple[int, ...], shape: tuple[int, ...]) -> str:
    if name == "characters" and found[:1] == (shape[0] + 1,):
        return "; a file has no row for AllenNLP's mask, its options count one more"
    return ""


def _published_name(name: str) -> str:
    """Return what bilm-tf calls the weights.

    Example:
        >>> _published_name("backward.1.kernel")
        'RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell/W_0'
    """
    first, *rest = name.split(".")
    if first == "characters":
        return "char_embed"
    if first == "projection":
        return "CNN_proj/b_proj" if rest else "CNN_proj/W_proj"
    if first == "filters":
        return f"CNN/{'b' if len(rest) == 2 else 'W'}_cnn_{rest[0]}"
    if first == "highways":
        part, _, bias = rest[1].partition("_")
        return f"CNN_high_{rest[0]}/{'b' if bias else 'W'}_{part}"
    weight = {"kernel": "W_0", "bias": "B", "projection": "W_P_0"}[rest[1]]
    return f"RNN_{DIRECTIONS.index(first)}/RNN/MultiRNNCell/Cell{rest[0]}/LSTMCell/{weight}"
