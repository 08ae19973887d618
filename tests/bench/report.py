"""Tables and plots of what was measured: to the terminal, and with `--write` into docs/, between the markers of performance.md."""

import json
import re
import sys
from pathlib import Path

import machine
import plots
from elementary import FUNCTIONS
from rows import ROWS

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "target" / "bench"
DOCUMENT = ROOT / "docs" / "performance.md"
PEERS = ["NumPy", "Numba", "Cython", "Pythran", "numexpr", "bottleneck", "SciPy"]
#: A row counts as behind from here on.
BEHIND = 1.05
UNKNOWN = "the reason is not known yet."


def read(name):
    """A result, or None if that was not measured."""
    path = TARGET / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def unit(seconds):
    """A factor and its name, so that a number of this size is legible."""
    return next((factor, name) for factor, name, least in [(1e3, "ms", 1e-3), (1e6, "µs", 1e-6), (1e9, "ns", 0)] if seconds >= least)


def number(value):
    """Three digits, never an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(head, lines):
    """Markdown."""
    return "\n".join(["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *lines]])


def best_peer(found):
    """The fastest of the peers whose result is right, and its time."""
    times = {peer: each for peer, each in found["times"].items() if peer != "kernelgen" and peer not in found["wrong"]}
    return min(times.items(), key=lambda each: each[1]) if times else (None, float("nan"))


def cell(found, peer, factor, missing=()):
    """A time, or why there is none."""
    if peer in missing:
        return "not there"
    if peer in found["wrong"]:
        return "**wrong**" if peer == "kernelgen" else "wrong"
    return number(found["times"][peer] * factor) if peer in found["times"] else ""


def peers_table(result):
    """All rows on some number of threads."""
    lines, behind = [], []
    for row in (row for row in ROWS if row.key in result["rows"]):
        found = result["rows"][row.key]
        own, (peer, time) = found["times"]["kernelgen"], best_peer(found)
        factor, name = unit(min(own, time))
        share = f"{row.bytes * row.n / own / result['bandwidth']:.0%}" if row.bytes else ""
        cells = [cell(found, each, factor, result["missing"]) for each in ["kernelgen", *PEERS]]
        lines.append([row.title, name, *cells, f"{own / time:.2f}", share])
        if own > BEHIND * time:
            behind.append(f"- {row.title}, {own / time:.2f} of {peer}: {row.why or UNKNOWN}")
    head = ["", "", "kernelgen", *PEERS, "ratio", "memory"]
    threads = "one thread" if result["threads"] == 1 else f"{result['threads']} threads"
    text = f"### On {threads}\n\n{table(head, lines)}\n\nA copy or a triad moves {result['bandwidth'] / 1e9:.1f} GB/s by {threads}."
    return text + (f"\n\nBehind on {threads}, and why:\n\n" + "\n".join(behind) if behind else "")


def wrong_and_missing(results):
    """What the tables can't say in a cell."""
    missing = {peer: why for result in results for peer, why in result["missing"].items()}
    wrong = {}
    for result in results:
        rows = result["rows"].items() if isinstance(result["rows"], dict) else [(f"{r['name']} {r['dtype']}", r) for r in result["rows"]]
        wrong |= {f"{peer}, {key}": what for key, found in rows for peer, what in found["wrong"].items()}
    lines = [f"- {peer} is not there: {why}." for peer, why in missing.items()]
    return "\n".join(lines + [f"- {who} is wrong, and does not count: {what}." for who, what in wrong.items()])


def peers():
    """The section of the rows."""
    results = [result for result in (read(f"peers-{threads}") for threads in range(1, 257)) if result]
    if not results:
        return None
    plots.draw(results, ROWS, TARGET / "plots")
    text = [machine.described(results[0]), READING]
    text += [peers_table(result) for result in results]
    text += [f"![{title}](plots/{name}.svg)" for name, title in plots.TITLES.items() if (TARGET / "plots" / f"{name}.svg").exists()]
    return "\n\n".join([*text, wrong_and_missing(results)]).strip()


READING = """Times of one call, the least of many, all contenders of a row by turns in one process; results are checked against
NumPy's first. *Ratio* is our time by that of the fastest peer: below 1 we lead. *Memory* is the share of the bandwidth of a copy or a triad, measured
in the same process with as many threads; each byte of the arrays counted once, so that what only reads can be above 100 %: a copy reads what it
overwrites, too. Who has no time takes no such input, or was not written: a peer that reads it
wrong would be marked so. Only what is parallel by itself uses the second thread: NumPy, bottleneck and SciPy never do, but for products of matrices."""


def functions():
    """The section of the elementary functions."""
    results = {level: read(f"functions-{level}") for level in ("all", "v4", "v3")}
    if not results["all"]:
        return None
    text = [machine.described(results["all"]), FUNCTIONS_READING]
    for dtype in ("f64", "f32"):
        for n in sorted({row["n"] for row in results["all"]["rows"]}):
            text.append(f"`{dtype}`, {n} elements, ns an element:\n\n{functions_table(results, dtype, n)}")
    behind = functions_behind(results["all"]["rows"])
    text += ["Behind, and why:\n\n" + "\n".join(behind)] if behind else []
    return "\n\n".join([*text, wrong_and_missing([results["all"]])]).strip()


FUNCTIONS_READING = """One thread, by `out=`, arguments of moderate size. Cython is gcc's loop with libmvec, Numba has SVML, both with the licence of
`fastmath` and errors of up to 4 ulps; SciPy is `scipy.special`. NumPy of `black_scholes` has SciPy's `erfc`. The last columns are kernelgen and NumPy with
`KERNELGEN_DISABLE_CPU_FEATURES=v4` and `=v3`, and NumPy held to the same by `NPY_DISABLE_CPU_FEATURES`."""


def functions_behind(rows):
    """Who leads each function that is behind, by how much where it is worst, and why."""
    worst = {}
    for row in rows:
        peer, time = best_peer(row)
        ratio = row["times"]["kernelgen"] / time
        if ratio > max(BEHIND, worst.get(row["name"], (0,))[0]):
            worst[row["name"]] = ratio, f"`{row['dtype']}`, {ratio:.2f} of {peer}"
    return [f"- `{name}`, up to {text}: {FUNCTIONS[name].why or UNKNOWN}" for name, (_, text) in worst.items()]


def functions_table(results, dtype, n):
    """One dtype and size: everybody on all instruction sets, then NumPy and ours on fewer."""
    chosen = {level: {row["name"]: row for row in each["rows"] if (row["dtype"], row["n"]) == (dtype, n)} for level, each in results.items() if each}
    shown = ["kernelgen", "NumPy", "SciPy", "Numba", "Cython"]
    lower = [level for level in ("v4", "v3") if level in chosen]
    names = {level: results[level]["level"] for level in chosen}
    lines = []
    for name, found in chosen["all"].items():
        cells = [cell(found, peer, 1e9 / n, results["all"]["missing"]) for peer in shown]
        ratio = f"{found['times']['kernelgen'] / best_peer(found)[1]:.2f}"
        rest = [cell(chosen[level].get(name, {"times": {}, "wrong": {}}), peer, 1e9 / n) for level in lower for peer in ("kernelgen", "NumPy")]
        lines.append([f"`{name}`", *cells, ratio, *rest])
    head = [f"on {names['all']}", *shown, "ratio", *(f"{peer}, {names[level]}" for level in lower for peer in ("kernelgen", "NumPy"))]
    return table(head, lines)


def bits():
    """The section of errors and bits."""
    sums, levels = read("sums"), [each for each in (read(f"bits-{level}") for level in ("all", "v4", "v3")) if each]
    if not sums or not levels:
        return None
    who = list(sums["rows"][0]["worst"])
    lines = [[row["name"], f"{row['n']:.0e}".replace("e+0", "e"), *(f"{row['worst'][each]:.2g}" if row["worst"][each] < 100 else number(row["worst"][each]) for each in who)] for row in sums["rows"]]
    head = "The largest error against `math.fsum`, which is exact, of twenty arrays (three of 10⁷), in ulps of the sum of all magnitudes"
    text = [f"{head}; *axis 0* is a C-ordered matrix\nof four such columns. NumPy {sums['numpy']}.", table(["elements", "n", *who], lines)]
    names = [each["level"] for each in levels]
    lines = []
    for kernel, hashes in levels[0]["hashes"].items():
        per_level = [set(each["hashes"][kernel].values()) for each in levels]
        threads = "same" if all(len(each) == 1 for each in per_level) else "**differ**"
        compared = ["same" if each == per_level[0] else "differ" for each in per_level[1:]]
        lines.append([kernel if "`" in kernel or "(" in kernel else f"`{kernel}`", threads, *compared])
    count = ", ".join(next(iter(levels[0]["hashes"].values())))
    text.append(
        f"Are the bits of a result the same on {count} threads, and on the instruction sets {', '.join(names)}, each in a process of its own? As measured, by\n"
        "hashes of whole results; [spec.md](spec.md#which-bits-are-promised) says what is promised. By functions of the prelude, v2 may differ."
    )
    text.append(table(["kernel", "threads", *(f"{names[0]} and {name}" for name in names[1:])], lines))
    return "\n\n".join(text)


def write(sections):
    """Replaces what stands between the markers."""
    document = DOCUMENT.read_text()
    for name, text in sections.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        if not pattern.search(document):
            sys.exit(f"{DOCUMENT.name} has no <!-- {name} --> ... <!-- /{name} -->")
        document = pattern.sub(lambda found: f"{found[1]}{text}\n{found[2]}", document)
    DOCUMENT.write_text(document)
    plots.copy(TARGET / "plots", ROOT / "docs" / "plots")


def main():
    wanted = {"all": [peers, functions, bits], "report": [peers, functions, bits], "accuracy": [bits]}
    chosen = wanted.get(sys.argv[1]) or [{"peers": peers, "functions": functions}[sys.argv[1]]]
    sections = {each.__name__: text for each in chosen if (text := each())}
    print("\n\n".join(sections.values()))
    if "--write" in sys.argv:
        write(sections)


if __name__ == "__main__":
    main()
