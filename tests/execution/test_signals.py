"""Signal: connecting, sending, and what becomes of receivers that go."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps

import pytest

from dorm import signals
from dorm.exceptions import AsyncRequiredError
from dorm.signals import Signal


class Author:
    pass


class Book:
    pass


@pytest.fixture
def signal():
    return Signal("pre_test")


def test_a_receiver_gets_the_sender_and_exactly_the_keywords(signal):
    @signal.connect
    def receiver(**named):
        return named

    assert signal.send(Author, instance=1) == [(receiver, {"sender": Author, "instance": 1})]


def test_connect_returns_the_receiver(signal):
    def receiver(sender):
        return 1

    assert signal.connect(receiver) is receiver
    assert signal.connect_for(Author)(receiver) is receiver


def test_connect_for_hears_one_sender_alone(signal):
    @signal.connect_for(Author)
    def receiver(sender):
        return sender

    assert signal.send(Book) == []
    assert signal.send(Author) == [(receiver, Author)]
    assert (signal.has_listeners(Author), signal.has_listeners(Book)) == (True, False)


def test_any_object_may_be_a_sender(signal):
    class Odd:
        __slots__ = ()

        def __eq__(self, other):
            raise AssertionError

        __hash__ = None

    odd = Odd()

    @signal.connect_for(odd)
    def receiver(sender):
        return 1

    assert signal.send(odd) == [(receiver, 1)]
    assert signal.send(Odd()) == []


def test_a_name_as_sender_counts_by_value(signal):
    @signal.connect_for("sqlite")
    def receiver(sender):
        return 1

    assert signal.send("".join(["sql", "ite"])) == [(receiver, 1)]


def test_connecting_twice_calls_once(signal):
    def receiver(sender):
        return 1

    signal.connect(receiver)
    signal.connect(receiver)
    assert signal.send(Author) == [(receiver, 1)]


def test_the_same_uid_replaces(signal):
    def first(sender):
        return 1

    def second(sender):
        return 2

    signal.connect(first, dispatch_uid="x")
    signal.connect(second, dispatch_uid="x")
    assert signal.send(Author) == [(second, 2)]
    assert signal.disconnect(dispatch_uid="x") is True
    assert signal.send(Author) == []


def test_receivers_run_in_the_order_of_connection(signal):
    order = []
    receivers = [partial(lambda number, sender: order.append(number), number) for number in range(5)]
    for receiver in receivers:
        signal.connect(receiver)
    signal.send(Author)
    assert order == [0, 1, 2, 3, 4]


def test_disconnect_says_whether_there_was_one(signal):
    def receiver(sender):
        return 1

    signal.connect(receiver)
    signal.connect(receiver, Author)
    assert signal.disconnect(receiver, Book) is False
    assert signal.disconnect(receiver, Author) is True
    assert signal.disconnect(receiver) is True
    assert signal.disconnect(receiver) is False
    assert signal.active is False


def test_disconnect_without_a_name_is_an_error(signal):
    with pytest.raises(TypeError, match="dispatch_uid"):
        signal.disconnect()


def test_a_bound_method_is_known_by_object_and_function(signal):
    class Listener:
        def hear(self, sender):
            return self

    one, other = Listener(), Listener()
    signal.connect(one.hear)
    signal.connect(one.hear)
    signal.connect(other.hear)
    assert [answer for _, answer in signal.send(Author)] == [one, other]
    assert signal.disconnect(one.hear) is True
    assert [answer for _, answer in signal.send(Author)] == [other]


def test_a_weak_receiver_goes_with_its_owner(signal):
    class Listener:
        def hear(self, sender):
            return 1

    def connect():
        listener = Listener()
        signal.connect(listener.hear)
        signal.connect(lambda sender: 2)

    connect()
    gc.collect()
    assert signal.send(Author) == []
    assert signal.active is False


def test_a_strong_receiver_stays(signal):
    signal.connect(lambda sender: 2, weak=False)
    gc.collect()
    assert [answer for _, answer in signal.send(Author)] == [2]


def test_a_callable_object_is_a_receiver(signal):
    class Listener:
        def __call__(self, sender):
            return 1

    listener = Listener()
    signal.connect(listener)
    assert signal.send(Author) == [(listener, 1)]


def test_what_cannot_be_called_is_refused(signal):
    with pytest.raises(TypeError, match="callable"):
        signal.connect("receiver")


def test_an_exception_propagates_from_send(signal):
    @signal.connect
    def receiver(sender):
        raise KeyError

    with pytest.raises(KeyError):
        signal.send(Author)


def test_send_robust_collects_exceptions(signal):
    @signal.connect
    def bad(sender):
        raise KeyError("x")

    @signal.connect
    def good(sender):
        return 1

    (first, error), second = signal.send_robust(Author)
    assert first is bad and isinstance(error, KeyError)
    assert second == (good, 1)


def test_a_coroutine_receiver_is_refused_before_any_receiver_runs(signal):
    ran = []

    @signal.connect
    def plain(sender):
        ran.append(sender)

    @signal.connect
    async def waits(sender):
        return 1

    with pytest.raises(AsyncRequiredError, match=r"waits.*pre_test.*asave\(\)"):
        signal.send(Author)
    assert ran == []
    assert isinstance(signal.send_robust(Author)[1][1], AsyncRequiredError)


def test_a_wrapped_coroutine_receiver_is_refused_too(signal):
    async def waits(sender):
        return 1

    @signal.connect
    @wraps(waits)
    def wrapped(sender):
        return waits(sender)

    with pytest.raises(AsyncRequiredError):
        signal.send(Author)


@pytest.mark.parametrize("kind", ["function", "method", "callable", "partial"])
async def test_asend_awaits_coroutine_receivers_of_every_kind(signal, kind):
    async def function(sender):
        return 1

    class Listener:
        async def method(self, sender):
            return 1

        async def __call__(self, sender):
            return 1

    listener = Listener()
    receivers = {
        "function": function,
        "method": listener.method,
        "callable": listener,
        "partial": partial(function),
    }
    signal.connect(receivers[kind], weak=False)
    assert [answer for _, answer in await signal.asend(Author)] == [1]
    with pytest.raises(AsyncRequiredError):
        signal.send(Author)


def test_a_receiver_may_disconnect_itself(signal):
    @signal.connect
    def once(sender):
        signal.disconnect(once)
        return 1

    assert [signal.send(Author), signal.send(Author)] == [[(once, 1)], []]


def test_threads_may_connect_and_send_at_once(signal):
    def work(number):
        for _ in range(50):
            receiver = partial(lambda sender: 1)
            signal.connect(receiver)
            signal.send(Author)
            assert signal.disconnect(receiver) is True

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert signal.active is False


def test_a_signal_shows_its_name(signal):
    assert repr(signal) == "<Signal pre_test: 0 receivers>"
    names = ["pre_save", "post_save", "pre_delete", "post_delete", "pre_query", "post_query"]
    assert [getattr(signals, name).name for name in names] == names
