"""Threads of a process that is forked, and of those that it makes."""

import child
import pytest

FORK = """
    import os, sys, threading, time
    import numpy as np, options
    options.set_num_threads(3)
    x = np.random.default_rng(0).random(100_000)
    wanted = options.shared_sum(x)
    stop = threading.Event()

    def compute():
        while not stop.is_set():
            options.shared_sum(x)

    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()

    def fork(depth):
        child = os.fork()
        if child == 0:
            right = all(options.shared_sum(x) == wanted for _ in range(3))
            if depth and right:
                right = fork(depth - 1)
            os._exit(0 if right else 1)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status == 0
            time.sleep(0.001)
        os.kill(child, 9)
        os.waitpid(child, 0)
        return False

    good = sum(fork(depth=1) for _ in range(ROUNDS))
    stop.set()
    for thread in threads:
        thread.join()
    print(good)
"""


def test_a_forked_child_computes_with_threads_of_its_own_while_others_compute():
    assert child.run(FORK.replace("ROUNDS", "50"), PYTHONWARNINGS="ignore") == "50"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"""
import multiprocessing, numpy as np, options

def total(seed):
    return options.shared_sum(np.random.default_rng(seed).random(50_000))

if __name__ == "__main__":
    options.set_num_threads(3)
    here = [total(seed) for seed in range(20)]
    with multiprocessing.get_context({method!r}).Pool(3) as pool:
        print(pool.map(total, range(20)) == here)
""")
    assert child.run(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", PYTHONWARNINGS="ignore") == "True"


def test_a_child_that_a_signal_handler_forks_does_not_wait_for_threads_that_it_has_not():
    """It returns to a computation of which threads of its parent had a part. What can be is right, what cannot is an error."""
    code = """
        import os, signal, sys, numpy as np, options
        options.set_num_threads(4)
        sleeps, parent = np.full(400, 1.0), os.getpid()
        children = []

        def fork(*_):
            child = os.fork()
            if child:
                children.append(child)
            else:
                # A child that hangs is killed.
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(20)

        signal.signal(signal.SIGALRM, fork)
        for kernel in (options.shared_sleeps, options.shared_moments):
            x = sleeps if kernel is options.shared_sleeps else np.broadcast_to(1.0, 400_000_000)
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            try:
                kernel(x)
                code = 0
            except RuntimeError as error:
                code = 5 if "a signal handler forked this process" in str(error) else 1
            if os.getpid() != parent:
                # The next call is its own.
                os._exit(code if options.shared_sum(np.ones(100_000)) == 100_000 else 1)
            print(code, os.waitstatus_to_exitcode(os.waitpid(children.pop(), 0)[1]))
    """
    said = child.run(code, PYTHONWARNINGS="ignore").splitlines()
    assert len(said) == 2 and set(said) <= {"0 0", "0 5"}, said


def test_what_a_handler_raises_in_the_child_that_it_forks_is_raised():
    code = """
        import os, signal, sys, numpy as np, options
        options.set_num_threads(4)
        children, parent = [], os.getpid()

        def fork(*_):
            child = os.fork()
            if child:
                children.append(child)
            else:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(20)
                sys.exit(7)

        signal.signal(signal.SIGALRM, fork)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        try:
            options.shared_sleeps(np.full(400, 1.0))
        except BaseException as error:
            if os.getpid() != parent:
                os._exit(error.code if type(error) is SystemExit else 1)
            raise
        print(os.waitstatus_to_exitcode(os.waitpid(children.pop(), 0)[1]))
    """
    assert child.run(code, PYTHONWARNINGS="ignore") == "7"
