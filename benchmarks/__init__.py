"""What dorm costs over the bare driver: `python -m benchmarks`.

One file per path that data takes. Each figure stands beside a floor: the driver used well, by hand, for
exactly the same query and the same objects.
"""
