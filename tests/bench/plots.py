"""Plots of the rows: time against n, ratio to the best peer, share of the memory's bandwidth. SVG, the same for the same figures."""

import shutil

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

TITLES = {
    "sizes": "Time an element against the number of elements",
    "ratios": "Time of kernelgen by that of the fastest peer, for each row",
    "bandwidth": "Share of the bandwidth of memory, for each row that waits for memory",
}
COLOURS = {
    "kernelgen": "#d1495b", "NumPy": "#30638e", "Numba": "#00a19d", "Cython": "#edae49", "Pythran": "#7a5195", "numexpr": "#8d99ae",
    "bottleneck": "#6a994e", "SciPy": "#4a4e69",
}  # fmt: skip
STYLE = {
    "svg.hashsalt": "kernelgen", "svg.fonttype": "none", "font.size": 9, "font.family": ["DejaVu Sans"], "axes.spines.top": False, "axes.spines.right": False,
    "figure.facecolor": "white", "axes.facecolor": "white", "savefig.facecolor": "white", "axes.grid": True, "grid.color": "#dddddd",
    "grid.linewidth": 0.6, "axes.axisbelow": True, "legend.frameon": False, "axes.titlesize": 9.5,
}  # fmt: skip
#: Light to dark by the number of threads.
THREADS = ["#f2a7af", "#d1495b", "#8b1e2d", "#4d0f18"]


def draw(results, rows, folder):
    """All plots of the results, one for each number of threads."""
    folder.mkdir(parents=True, exist_ok=True)
    with plt.rc_context(STYLE):
        if any(all(row.key in result["sweep"] for result in results) for row in rows):
            save(sizes(results, rows), folder / "sizes.svg")
        save(ratios(results, rows), folder / "ratios.svg")
        if any(row.bytes and all(row.key in result["rows"] for result in results) for row in rows):
            save(bandwidth(results, rows), folder / "bandwidth.svg")


def save(figure, path):
    """As SVG without a date, and as PNG for those who look at it at once."""
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    figure.savefig(path.with_suffix(".png"), dpi=110, bbox_inches="tight")
    plt.close(figure)


def copy(source, target):
    """The SVGs of one folder to another."""
    target.mkdir(exist_ok=True)
    for path in source.glob("*.svg"):
        shutil.copyfile(path, target / path.name)


def plain(title):
    """A title of Markdown without its marks."""
    return title.replace("`", "")


def threads(result):
    return "1 thread" if result["threads"] == 1 else f"{result['threads']} threads"


def sizes(results, rows):
    """A panel for each kernel and number of threads."""
    swept = [row for row in rows if all(row.key in result["sweep"] for result in results)]
    shape = (len(results), len(swept))
    figure, axes = plt.subplots(*shape, figsize=(3.1 * shape[1], 2.7 * shape[0]), squeeze=False, sharex=True, sharey="col", layout="constrained")
    lines = {}
    for result, line in zip(results, axes):
        for row, axis in zip(swept, line):
            panel(axis, result["sweep"][row.key], lines)
            axis.set_title(f"{plain(row.title).split(' of ')[0]}{', out=' if 'out=' in row.title else ''}, {threads(result)}")
        line[0].set_ylabel("ns an element")
    for axis in axes[-1]:
        axis.set_xlabel("elements")
    figure.legend(lines.values(), lines.keys(), loc="outside upper center", ncols=len(lines))
    return figure


def panel(axis, points, lines):
    """The lines of all contenders; ours above the others."""
    for peer in sorted({peer for _, times in points for peer in times}, key=list(COLOURS).index):
        own = peer == "kernelgen"
        n, times = zip(*((n, times[peer] / n * 1e9) for n, times in points if peer in times))
        style = {"linewidth": 2.4, "zorder": 3} if own else {"linewidth": 1.2}
        lines[peer] = axis.plot(n, times, color=COLOURS[peer], marker="o", markersize=3.2 if own else 2, **style)[0]
    axis.set(xscale="log", yscale="log")
    axis.minorticks_off()


def bars(axis, rows, results, value, left=0):
    """A group of horizontal bars for each row, one bar for each number of threads, from `left` to the value."""
    height = 0.8 / len(results)
    for place, result in enumerate(results):
        at = [i + (place - (len(results) - 1) / 2) * height for i in range(len(rows))]
        values = [value(result, row) for row in rows]
        colour = THREADS[min(place, 3)] if len(results) > 1 else COLOURS["kernelgen"]
        axis.barh(at, [each - left for each in values], height * 0.92, left=left, color=colour, label=f"kernelgen, {threads(result)}")
    axis.set_yticks(range(len(rows)), [plain(row.title) for row in rows])
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.grid(axis="y", visible=False)


def best_peer(result, row):
    """The time of the fastest peer whose result is right."""
    found = result["rows"][row.key]
    return min((each for peer, each in found["times"].items() if peer != "kernelgen" and peer not in found["wrong"]), default=float("nan"))


def ratios(results, rows):
    """Our time by the best peer's, on a logarithmic scale around 1."""
    rows = [row for row in rows if all(row.key in result["rows"] for result in results)]
    figure, axis = plt.subplots(figsize=(8.6, 0.7 + 0.32 * len(rows)), layout="constrained")
    bars(axis, rows, results, lambda result, row: result["rows"][row.key]["times"]["kernelgen"] / best_peer(result, row), left=1)
    axis.set_xscale("log")
    axis.axvline(1, color="#222222", linewidth=1)
    ticks = [each for each in (0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 5, 10, 20) if edge(axis, each)]
    axis.set_xticks(ticks, [f"{each:g}" for each in ticks])
    axis.set_xticks([], minor=True)
    axis.set_xlabel("time of kernelgen / time of the fastest peer      (left of 1: kernelgen is faster)")
    axis.legend(loc="best")
    return figure


def edge(axis, value):
    """Whether a tick lies near what is drawn, after the limits are widened to the bars."""
    ends = [bar.get_x() + bar.get_width() for bar in axis.patches]
    low, high = min(ends) * 0.9, max(max(ends), 1.1) * 1.1
    axis.set_xlim(low, high)
    return low <= value <= high


def bandwidth(results, rows):
    """How much of a copy's bandwidth a row uses; the best peer as a mark."""
    rows = [row for row in rows if row.bytes and all(row.key in result["rows"] for result in results)]
    figure, axis = plt.subplots(figsize=(8.6, 0.9 + 0.42 * len(rows)), layout="constrained")

    def share(result, row, time):
        return 100 * row.bytes * row.n / time / result["bandwidth"]

    bars(axis, rows, results, lambda result, row: share(result, row, result["rows"][row.key]["times"]["kernelgen"]))
    height = 0.8 / len(results)
    for place, result in enumerate(results):
        at = [i + (place - (len(results) - 1) / 2) * height for i in range(len(rows))]
        marks = [share(result, row, best_peer(result, row)) for row in rows]
        axis.plot(marks, at, "D", color="#222222", markersize=4, label="fastest peer" if place == 0 else None)
    axis.axvline(100, color="#222222", linewidth=1, linestyle=":")
    axis.set_xlabel("% of the bandwidth of a copy or triad with as many threads")
    axis.legend(loc="best")
    return figure
