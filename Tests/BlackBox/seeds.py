"""Which seeds the random tests use: the same by default, any by the environment.

`TALLY_SEEDS=7,8` names them, `TALLY_SEED_COUNT=100` takes the first hundred. A test's name shows
its seed, and the same seed sends the same commands.
"""

import os


def seeds(default_count):
    if named := os.environ.get("TALLY_SEEDS"):
        return [int(seed) for seed in named.split(",")]
    return list(range(1, int(os.environ.get("TALLY_SEED_COUNT", default_count)) + 1))
