"""Real data from end to end: as they come from a file, through pandas or as records, equal to NumPy's results."""

import cookbook
import gilexample
import numpy as np
import pandas as pd
import pytest
from vega_datasets import data

MEASURED = ["precipitation", "temp_max", "temp_min", "wind"]


@pytest.fixture(scope="module")
def weather():
    """Four years of weather in Seattle, day by day."""
    return pd.read_csv(data.seattle_weather.filepath, parse_dates=["date"])


@pytest.fixture(scope="module")
def records():
    """The same as packed records, big-endian single precision: the way instruments store them."""
    frame = pd.read_csv(data.seattle_weather.filepath)
    records = np.zeros(len(frame), [("weather", "S8"), *((name, ">f4") for name in MEASURED), ("checksum", "u1")])
    for name in ["weather", *MEASURED]:
        records[name] = frame[name]
    return records


@pytest.mark.parametrize("name", MEASURED)
def test_columns_of_a_frame(weather, name):
    column = weather[name]
    assert len(column) == 1461
    assert gilexample.sum(column) == pytest.approx(column.sum(), rel=1e-14)
    assert cookbook.mean(column) == pytest.approx(column.mean(), rel=1e-14)
    mean, var = cookbook.mean_var(column, ddof=1)
    assert (mean, var) == pytest.approx((column.mean(), column.var()), rel=1e-13)
    assert cookbook.minmax(column) == (column.min(), column.max())
    assert cookbook.argmax(column) == column.argmax()
    assert cookbook.count_above(column, threshold=column.median()) == (column > column.median()).sum()


@pytest.mark.parametrize("name", MEASURED)
def test_fields_of_packed_records(records, name):
    field = records[name]
    assert field.strides == (25,) and not field.flags.aligned
    assert gilexample.sum(field) == pytest.approx(np.sum(field, dtype=float), rel=1e-14)
    assert cookbook.minmax(field) == (np.min(field), np.max(field))
    assert cookbook.argmax(field[::-1]) == np.argmax(field[::-1])


def test_a_whole_frame_and_its_transpose(weather):
    frame = weather[MEASURED]
    wanted = frame.to_numpy().sum()
    for each in (frame, frame.to_numpy(), frame.to_numpy().T, frame.T):
        assert gilexample.sum(each) == pytest.approx(wanted, rel=1e-14)


def test_two_columns_together(weather):
    rain, wind = weather["precipitation"], weather["wind"]
    assert cookbook.dot(rain, wind) == pytest.approx(np.dot(rain, wind), rel=1e-13)
    assert cookbook.weighted_mean(wind, rain) == pytest.approx(np.average(wind, weights=rain), rel=1e-13)
    assert cookbook.distance(rain, wind) == pytest.approx(np.linalg.norm(rain - wind), rel=1e-13)


def test_dates_and_words_are_refused(weather):
    for name, way in (("date", "int64"), ("weather", "")):
        with pytest.raises(TypeError, match=f"x must be float64.*{way}"):
            gilexample.sum(weather[name])


def test_text_read_by_numpy_alone():
    columns = np.genfromtxt(data.seattle_weather.filepath, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4))
    assert gilexample.sum(columns) == pytest.approx(np.sum(columns), rel=1e-14)
