"""The specs as data: what they say of each kernel is what the tests hold it to."""

import ast
import importlib
import itertools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "specs" / "gilexample", ROOT / "specs" / "cookbook", Path(__file__).parent / "specs"]
DTYPES = {
    "bool": "?", "i8": "i1", "i16": "i2", "i32": "i4", "i64": "i8", "u8": "u1", "u16": "u2", "u32": "u4", "u64": "u8",
    "f16": "f2", "f32": "f4", "f64": "f8", "c64": "c8", "c128": "c16",
}


@dataclass
class Kernel:
    """A kernel of a spec file."""

    package: str
    name: str
    spec: dict
    scope: dict = field(repr=False)

    def __str__(self):
        return f"{self.package}.{self.name}"

    @property
    def function(self):
        return self.scope[self.name]

    @property
    def form(self):
        return next(form for form in ("reduce", "body", "map") if form in self.spec)

    @property
    def is_ufunc(self):
        return isinstance(self.function, np.ufunc)

    @property
    def is_scan(self):
        return self.form == "reduce" and self.spec["reduce"].get("cumulative", False)

    def names(self, key):
        """The names of inputs, params or outputs."""
        return [each["name"] if isinstance(each, dict) else each.split(":")[0] for each in self.spec.get(key, [])]

    def loops(self):
        """For each loop, NumPy's dtypes of the inputs and of the outputs."""
        variables = self.spec.get("dtypes", {})
        if isinstance(variables, dict):
            variables = [dict(zip(variables, row)) for row in itertools.product(*variables.values())]
        for row in variables:
            # Behind a type variable stands what it is in this loop.
            dtypes = {**DTYPES, **{name: DTYPES[dtype] for name, dtype in row.items()}}
            yield tuple(
                [np.dtype(dtypes[text.split(": ")[1].split(" = ")[0]]) for text in self.spec[key]] for key in ("inputs", "outputs")
            )

    def reference(self, arguments, params, axis=-1):
        """What the spec's NumPy text gives."""
        names = dict(zip(self.names("inputs"), arguments))
        return eval(self.spec["reference"].replace("\n", " "), {"np": np, "axis": axis, **names, **params})

    def example(self, text):
        """Both sides of `left == right`, or the text's value and True."""
        tree = ast.parse(text, mode="eval").body
        match tree:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                return eval(ast.unparse(left), self.scope), eval(ast.unparse(right), self.scope)
        return bool(eval(text, self.scope)), True


def load(folder):
    files = [tomllib.loads(path.read_text()) for path in sorted(folder.glob("*.toml"))]
    (package,) = [file["package"]["name"] for file in files if "package" in file]
    module = importlib.import_module(package)
    specs = {name: spec for file in files for name, spec in file.get("kernel", {}).items()}
    scope = {"np": np, **{name: getattr(module, name) for name in specs}}
    return [Kernel(package, name, spec, scope) for name, spec in specs.items()]


ALL = [kernel for folder in FOLDERS for kernel in load(folder)]
PACKAGES = sorted({kernel.package for kernel in ALL})
