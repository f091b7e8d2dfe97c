"""Read sources and name what would make a kernel differ between the interpreter and numba."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BANNED = (
    (ast.Try | ast.TryStar | ast.Raise | ast.Assert, "exceptions"),
    (ast.Yield | ast.YieldFrom | ast.Await | ast.AsyncFor | ast.AsyncWith, "generators and async"),
    (ast.With, "with"),
    (ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, "a definition inside"),
    (ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, "comprehensions"),
    (ast.JoinedStr | ast.FormattedValue, "f-strings"),
    (ast.Dict | ast.Set, "dicts and sets"),
    (ast.Global | ast.Nonlocal, "global and nonlocal"),
    (ast.Import | ast.ImportFrom, "imports"),
    (ast.Slice, "slices"),
    (ast.Delete, "del"),
    (ast.Starred, "stars"),
    (ast.Match, "match"),
)
BANNED_CALLS = frozenset({"round", "print", "pow", "hypot"})
"""``math.pow`` is not meant where its exponent is no literal: both worlds then call libm's."""
OUTER_LOOPS = frozenset({"replay"})
"""Functions that are compiled though they are no kernels: they call them."""


@dataclass(frozen=True, slots=True)
class StateFields:
    """Names of the fields that hold a state or an array in some state and a scalar in none."""

    records: frozenset[str]
    arrays: frozenset[str]


def state_fields(trees: Iterable[ast.Module]) -> StateFields:
    """Return the field names of all states in the given modules."""
    classes = [c for tree in trees for c in ast.walk(tree) if isinstance(c, ast.ClassDef)]
    states = [c for c in classes if any(_is_named(d, "state") for d in c.decorator_list)]
    names = {c.name for c in states}
    records, arrays, scalars = set(), set(), set()
    for declared in (s for c in states for s in c.body if isinstance(s, ast.AnnAssign)):
        target, hint = declared.target, declared.annotation
        if not isinstance(target, ast.Name):
            continue
        if isinstance(hint, ast.Name) and hint.id in names:
            records.add(target.id)
        elif isinstance(hint, ast.Subscript) and _is_named(hint.value, "Annotated"):
            arrays.add(target.id)
        else:
            scalars.add(target.id)
    return StateFields(frozenset(records - scalars), frozenset(arrays - scalars))


def faults(tree: ast.Module, known: StateFields) -> list[str]:
    """Return a line and a sentence for everything that leaves the subset."""
    found = list(_postponed_annotations(tree))
    for function in compiled_functions(tree):
        found += _signature_faults(function)
        for statement in function.body:
            if not _is_docstring(statement):
                for node in ast.walk(statement):
                    found += _node_faults(node, known)
    return found


def compiled_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions of a module that replay compiles."""
    registered = {
        argument.id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _is_named(call.func, "kernel")
        for argument in call.args
        if isinstance(argument, ast.Name)
    }
    return [
        f
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef)
        and (
            any(_is_named(d, "kernel") for d in f.decorator_list)
            or f.name in registered
            or f.name in OUTER_LOOPS
        )
    ]


def _postponed_annotations(tree: ast.Module) -> Iterator[str]:
    has_state = any(
        isinstance(c, ast.ClassDef) and any(_is_named(d, "state") for d in c.decorator_list)
        for c in ast.walk(tree)
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and has_state:
            yield f"{node.lineno}: a module with states imports from __future__"


def _signature_faults(function: ast.FunctionDef) -> Iterator[str]:
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        yield f"{function.lineno}: {function.name} takes *args, **kwargs or keyword-only arguments"
    if arguments.defaults or any(arguments.kw_defaults):
        yield f"{function.lineno}: {function.name} has default arguments"
    for argument in arguments.posonlyargs + arguments.args:
        if argument.annotation is None:
            yield f"{function.lineno}: {function.name}'s argument {argument.arg} has no type"
    if function.returns is None:
        yield f"{function.lineno}: {function.name} has no return type"


def _node_faults(node: ast.AST, known: StateFields) -> Iterator[str]:
    line = getattr(node, "lineno", 0)
    for kinds, what in BANNED:
        if isinstance(node, kinds):
            yield f"{line}: {what}"
    match node:
        case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
            yield f"{line}: ** (write x * x, or math.exp and math.log)"
        case ast.Constant(value=str() | bytes()):
            yield f"{line}: strings"
        case ast.Call():
            yield from _call_faults(node)
        case ast.Attribute(ctx=ast.Store(), attr=name) if name in known.records:
            yield f"{line}: assignment of the whole state .{name}"
        case ast.Attribute(ctx=ast.Store(), attr=name) if name in known.arrays:
            yield f"{line}: assignment of the whole array .{name}"


def _call_faults(call: ast.Call) -> Iterator[str]:
    if call.keywords:
        yield f"{call.lineno}: keyword arguments in a call"
    name = ""
    if isinstance(call.func, ast.Name):
        name = call.func.id
    elif isinstance(call.func, ast.Attribute):
        name = call.func.attr
    if name in BANNED_CALLS and not _is_power_of_a_variable(call):
        yield f"{call.lineno}: {name}()"


def _is_power_of_a_variable(call: ast.Call) -> bool:
    """Tell whether this is ``math.pow(x, n)`` with an n that the compiler does not know."""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "pow"
        and len(call.args) == 2
        and isinstance(call.args[1], ast.Name)
    )


def _is_named(node: ast.expr, name: str) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == name
    return isinstance(node, ast.Name) and node.id == name


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
