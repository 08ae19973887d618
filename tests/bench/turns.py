"""Times of calls that are made by turns, so that what else the machine does hits all alike."""

import time


def best(calls, rounds):
    """The shortest time of each call, in seconds."""
    times = [float("inf")] * len(calls)
    for _ in range(rounds):
        for place, call in enumerate(calls):
            start = time.perf_counter()
            call()
            times[place] = min(times[place], time.perf_counter() - start)
    return times
