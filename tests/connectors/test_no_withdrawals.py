"""Nothing in the product can move money out of an account: no word of its code asks for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.deploys import CHECKOUT

OUT = re.compile("withdraw|transfer(?!-encoding)", re.IGNORECASE)
OF_ORDERS = "withdraw"
"""What an outbox and a lane do with an order that has not left."""
OF_MARGIN = "withdrawable"
"""What Hyperliquid calls the margin that is free; it is only read."""


def words(path: Path) -> Iterator[str]:
    """Yield the names and texts that could reach a venue, without what only explains."""
    tree = ast.parse(path.read_bytes())
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in prose:
                yield text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name):
                yield name if name not in (OF_ORDERS, OF_MARGIN) else ""


def moves(root: Path) -> list[str]:
    return [
        f"{path.name}: {word}"
        for path in sorted(root.rglob("*.py"))
        if OUT.search(path.read_text(encoding="utf-8"))
        for word in words(path)
        if OUT.search(word)
    ]


def test_no_code_asks_for_a_withdrawal_or_a_transfer() -> None:
    assert [found for name in ("connectors", "runner") for found in moves(CHECKOUT / name)] == []


def test_one_that_did_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""Withdraw."""\npost("/api/v5/asset/withdrawal")\n')
    (tmp_path / "b.py").write_text("exchange.transferOut(coin, 1)\n")
    assert moves(tmp_path) == ["a.py: /api/v5/asset/withdrawal", "b.py: transferOut"]
