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


def least(timers, seconds, pause=0.0):
    """The least time of a call for each `timeit.Timer`, by turns of about 5 ms, for that many seconds.

    A `pause` before each turn lets the idle threads of others (OpenMP's spin for milliseconds) go to sleep. Who is five
    times slower than the fastest, and has had its share of the time, sits out.
    """
    times = {name: timer.timeit(1) for name, timer in timers.items()}
    loops = {name: max(1, int(5e-3 / max(timer.timeit(1), 1e-7))) for name, timer in timers.items()}
    spent = dict.fromkeys(timers, 0.0)
    end, rounds = time.perf_counter() + seconds, 0
    while time.perf_counter() < end or rounds < 3:
        for name, timer in timers.items():
            if rounds >= 3 and times[name] > 5 * min(times.values()) and spent[name] > seconds / len(timers):
                continue
            if pause:
                time.sleep(pause)
                timer.timeit(1)
            took = timer.timeit(loops[name])
            times[name] = min(times[name], took / loops[name])
            spent[name] += took
        rounds += 1
    return times
