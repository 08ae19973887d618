"""Calls on two threads against one thread; run.py has large calls, beside the peers.

    python tests/bench/bench_threads.py sizes     # n from 10 to 1e7: never slower than one thread?
    python tests/bench/bench_threads.py busy      # the same while every core is kept busy by others

Calls of a row are made in turn, in one process; the median of pairs stands.
"""

import multiprocessing
import os
import statistics
import sys
import time

import bench
import cookbook
import numpy as np

THREADS = 2


def by(threads, call):
    def called():
        with bench.num_threads(threads), cookbook.num_threads(threads):
            return call()

    return called


def sizes(names):
    """By how much two threads are slower than one: the median of pairs of calls, in percent and in microseconds."""
    rng = np.random.default_rng(0)
    print("| kernel | n | one thread, us | two, us | two / one | slower by, us |")
    print("|---|---|---|---|---|---|")
    for name in names or ["gauss", "axpy", "sum", "mean_var", "black_scholes"]:
        function = getattr(bench, name)
        for n in (10, 100, 1000, 10_000, 30_000, 50_000, 70_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 10_000_000):
            arguments = {"axpy": (2.0, rng.random(n), rng.random(n)), "black_scholes": tuple(rng.uniform(1, 2, (3, n)))}
            call = lambda arguments=arguments.get(name, (rng.random(n),)): function(*arguments)
            loops, rounds = max(1, 20_000 // n), 30 if n > 1e6 else 300
            calls = [by(threads, lambda: [call() for _ in range(loops)]) for threads in (1, THREADS)]
            pairs = []
            for _ in range(rounds):
                times = []
                for each in calls:
                    begun = time.perf_counter()
                    each()
                    times.append((time.perf_counter() - begun) / loops)
                pairs.append(times)
            one = statistics.median(one for one, _ in pairs)
            ratio = statistics.median(two / one for one, two in pairs)
            slower = statistics.median(two - one for one, two in pairs)
            print(f"| `{name}` | {n} | {one * 1e6:.4g} | {(one + slower) * 1e6:.4g} | {ratio:.2f} | {slower * 1e6:.2f} |", flush=True)


def spin():
    while True:
        pass


def main():
    what, *names = sys.argv[1:] or ["sizes"]
    print(f"{os.cpu_count()} cores, instruction set {bench.show_config()['instruction_set']}, NumPy {np.__version__}")
    if what != "busy":
        return sizes(names)
    others = [multiprocessing.get_context("spawn").Process(target=spin, daemon=True) for _ in range(os.cpu_count())]
    for other in others:
        other.start()
    sizes(names)
    for other in others:
        other.kill()


if __name__ == "__main__":
    main()
