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
    "create_one": 1.4,
    "bulk_create_10k": 1.5,
    "async get_pk": 1.3,
    "import_dorm": 1.5,
}
