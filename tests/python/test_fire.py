"""Kernels under fire, for a few seconds; KERNELGEN_FIRE says for how many more."""

import os

import child


def test_kernels_under_fire():
    seconds = 4 + int(os.environ.get("KERNELGEN_FIRE", "0"))
    said = child.run(f"import fire; fire.main({seconds}, seed=0)", timeout=seconds + 200)
    assert said.startswith("right"), said
    # That there was a fire: every kind of it.
    assert all(f"'{kind}'" in said for kind in ("right", "shared", "meddled", "refused", "forks", "alarms")), said
