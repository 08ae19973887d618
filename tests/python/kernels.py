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
    def inputs(self):
        """Names and the spec's dtypes, type variables among them."""
        texts = [text for text in self.spec["inputs"] if isinstance(text, str)]
        return [tuple(text.split(": ")) for text in texts]

    def loops(self):
        """For each loop, NumPy's dtypes of the inputs."""
        variables = self.spec.get("dtypes", {})
        if isinstance(variables, dict):
            rows = [dict(zip(variables, row)) for row in itertools.product(*variables.values())]
        else:
            rows = variables
        return [[np.dtype(DTYPES[row.get(dtype, dtype)]) for _, dtype in self.inputs] for row in rows]

    def reference(self, arguments, params):
        """What the spec's NumPy text gives."""
        names = {name: argument for (name, _), argument in zip(self.inputs, arguments)}
        return eval(self.spec["reference"].replace("\n", " "), {"np": np, **names, **params})

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
