"""What each operation may cost at most, as a multiple of its floor.

Plain data. A goal is set from what the technique in use can reach, with some slack for signals, checks and
more kinds of value; on bulk operations driver and conversions are nearly everything, so the slack is small.
"""

from __future__ import annotations

GOALS: dict[str, float] = {
    "build_compile": 12,
    "get_pk": 1.8,
    "filter_first": 1.8,
    "count": 1.05,
    "exists": 2.2,
    "fetch_10k": 1.1,
    "values_10k": 1.1,
    "values_flat_10k": 1.05,
    "select_related_5k": 1,
    "prefetch_reverse": 1.15,
    "create_one": 1.4,
    "bulk_create_10k": 1.5,
    "async get_pk": 1.3,
    "import_dorm": 1.5,
    "atomic_empty": 0.5,
    "atomic_update": 2.3,
}

POSTGRESQL: dict[str, float] = {
    "pg get_pk": 1.5,
    "pg filter_first": 1.5,
    "pg count": 1.7,
    "pg exists": 1.4,
    "pg fetch_10k": 1.1,
    "pg values_10k": 1.1,
    "pg create_one": 1.4,
    "pg bulk_create_10k": 1.6,
    "pg atomic_empty": 0.1,
    "pg atomic_update": 1.4,
    "pg async get_pk": 0.9,
    "pg async filter_first": 0.9,
    "pg async count": 1,
    "pg async exists": 0.9,
    "pg async fetch_10k": 1.1,
    "pg async values_10k": 1.05,
    "pg async create_one": 1,
    "pg async bulk_create_10k": 1.6,
    "pg async atomic_empty": 0.1,
    "pg async atomic_update": 0.8,
    "pg async gather_200": 1.1,
}

ALL: dict[str, float] = {**GOALS, **POSTGRESQL}
