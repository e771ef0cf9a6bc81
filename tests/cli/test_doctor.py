import symvec


def test_it_tells_versions(answer) -> None:
    said = answer("doctor")
    assert said["symvec"] == symvec.__version__
    assert said["processors"] >= 1
    assert all(said["packages"].values())
    assert set(said["extras"]) == {"demo", "sparse", "torch", "keras", "jax", "ko", "ja", "zh"}
