"""dorm: a typed ORM with Django's query API, synchronous and asynchronous."""

__version__ = "0.1.0"
