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
    times slower than the fastest has three turns.
    """
    times = {name: timer.timeit(1) for name, timer in timers.items()}
    loops = {name: max(1, int(5e-3 / max(timer.timeit(1), 1e-7))) for name, timer in timers.items()}
    end, rounds = time.perf_counter() + seconds, 0
    while time.perf_counter() < end or rounds < 3:
        fastest = min(times.values())
        for name, timer in timers.items():
            if rounds >= 3 and times[name] > 5 * fastest:
                continue
            if pause:
                time.sleep(pause)
                timer.timeit(1)
            times[name] = min(times[name], timer.timeit(loops[name]) / loops[name])
        rounds += 1
    return times
