from pathlib import Path

import plain_kernels


def test_total():
    numbers = Path(__file__).with_name("data").joinpath("numbers.txt").read_text().split()
    assert plain_kernels.total([float(number) for number in numbers]) == 6
