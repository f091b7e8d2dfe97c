"""Whatever a page names is there: files, links, modules, keys, choices, quoted code."""

import re
from collections.abc import Iterator

import pytest
from omegaconf import DictConfig, OmegaConf

from runner.config.compose import HYDRA_KEYS, compose, new_loader
from runner.settings import Bybit, CarteaJaimungal, Exchange, Glft, Lighter, Settings
from tests.deploys import CHECKOUT
from tests.docs.pages import PAGES, anchors, blocks, inline_code, links
from tests.docs.schema import knobs

EXAMPLE = CHECKOUT / "tests" / "plugins" / "example" / "mmrunner_example"
GROUPS = {path.name for path in (CHECKOUT / "conf").iterdir() if path.is_dir()}
KEYS = (*HYDRA_KEYS, "hydra.sweep.dir", "hydra.sweep.subdir")
KNOBS = {knob.path for knob in knobs()}
UNREAD = ("outputs/", "conf/local/", ".venv/", ".hydra/")
"""Beginnings of paths that a fresh checkout does not have."""
PACKAGES = ("connectors.", "runner.", "strategies.", "tests.")
SOURCES = [file for package in PACKAGES for file in (CHECKOUT / package[:-1]).rglob("*.py")]
_KEY = re.compile(r"[+~]*([a-z_]+(?:[.@/][A-Za-z_]+)*)(?:=(.*))?")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?")
_PLACEHOLDER = re.compile(r"\b[A-Z]{2,}\b")


def words() -> Iterator[tuple[str, str]]:
    """Yield every word of inline code with its page."""
    for page in PAGES:
        for code in inline_code(page):
            for word in code.split():
                yield page, word.strip("'\",;")


def shown_files(page: str) -> set[str]:
    """Return the files that a page itself tells the reader to write."""
    return {block.file for block in blocks(page) if block.file is not None}


@pytest.fixture(scope="module")
def config() -> DictConfig:
    """Return a composed deploy of every market."""
    names = sorted(path.stem for path in (CHECKOUT / "conf" / "market").glob("*.yaml"))
    return compose(new_loader(CHECKOUT), [f"market=[{','.join(names)}]"]).config


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in links(page):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (CHECKOUT / page).parent / path if path else CHECKOUT / page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.resolve().relative_to(CHECKOUT).as_posix()), link


def test_files_that_are_named_are_there() -> None:
    named = [(page, word) for page, word in words() if _PATH.fullmatch(word)]
    named = [n for n in named if "." in n[1] or n[1].endswith("/")]
    assert len(named) > 30
    lost = [
        (page, word)
        for page, word in named
        if not word.startswith(UNREAD)
        and not _PLACEHOLDER.search(word.partition(".")[0])
        and word not in shown_files(page)
        and not is_code(word)
        and not is_file(word)
    ]
    assert lost == []


def is_file(path: str) -> bool:
    """Tell whether a path leads somewhere from the checkout, or is the end of a source's path."""
    if any((base / path).exists() for base in (CHECKOUT, EXAMPLE)):
        return True
    return any(f"/{file.as_posix()}".endswith(f"/{path}") for file in SOURCES)


def test_modules_that_are_named_are_there() -> None:
    named = {(page, word.partition("(")[0]) for page, word in words() if "/" not in word}
    named = {(page, name) for page, name in named if name.startswith(PACKAGES)}
    assert len(named) > 3
    for page, name in named:
        path = CHECKOUT / name.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").exists() or is_code(name), (page, name)


def is_code(name: str) -> bool:
    """Tell whether a name is one of a module, written module.name; the module may be a path."""
    module, _, last = name.rpartition(".")
    path = module.replace(".", "/")
    found = [
        file
        for file in SOURCES
        if f"/{file.relative_to(CHECKOUT).as_posix()}".endswith(
            (f"/{path}.py", f"/{path}/__init__.py")
        )
    ]
    return any(re.search(rf"\b{last}\b", file.read_text(encoding="utf-8")) for file in found)


def test_keys_that_are_named_are_there(config: DictConfig) -> None:
    checked = 0
    for page, word in words():
        match = _KEY.fullmatch(word)
        if match is None or "/" in match[1] or word in ("report.html", "watchdog.log"):
            continue
        key, value = match[1], match[2]
        root = re.split(r"[.@]", key)[0]
        if root in GROUPS and "." not in key and value is not None:
            assert is_choice(root, value), (page, word)
            checked += 1
        elif root in Settings.model_fields and ("." in key or value is not None):
            assert is_key(config, key) or is_code(key), (page, word)
            checked += 1
        elif root == "hydra" and "." in key:
            assert key in KEYS, (page, word)
    assert checked > 40


def is_key(config: DictConfig, key: str) -> bool:
    """Tell whether a dotted key, NAME for a market and KEY for anything, can be set."""
    if key in KNOBS:
        return True
    path = key.replace("markets.NAME", "markets.btc").removesuffix(".KEY")
    parent, _, last = path.rpartition(".")
    node = OmegaConf.select(config, parent) if parent else config
    own = {"lean_bps", "half_spread_bps", "swing_bps", *Glft.model_fields}
    own |= CarteaJaimungal.model_fields.keys() | Lighter.model_fields.keys()
    own |= Bybit.model_fields.keys()
    own |= Exchange.model_fields.keys()
    return last in own or (isinstance(node, DictConfig) and last in node)


def is_choice(group: str, value: str) -> bool:
    """Tell whether a choice is one of conf/, of the example package, or a placeholder."""
    names = [name.strip("[]") for name in value.split(",")]
    return all(
        not name
        or _PLACEHOLDER.fullmatch(name)
        or any(
            (conf / group / f"{name}.yaml").exists()
            for conf in (CHECKOUT / "conf", EXAMPLE / "conf")
        )
        for name in names
    )


@pytest.mark.parametrize("page", PAGES)
def test_quoted_files_are_the_files(page: str) -> None:
    for block in blocks(page):
        if block.file is not None and not block.file.startswith(UNREAD):
            file = CHECKOUT / block.file
            if file.exists():
                assert block.text == file.read_text(encoding="utf-8"), block.place


def test_every_method_of_the_venues_contract_is_explained() -> None:
    from connectors.venue import Venue

    text = (CHECKOUT / "docs" / "extending.md").read_text(encoding="utf-8")
    methods = [name for name in vars(Venue) if not name.startswith("_")]
    assert len(methods) >= 5
    for name in methods:
        assert f"`{name}(" in text or f"`{name}`" in text, name


def test_every_choice_of_conf_is_in_the_documents() -> None:
    text = (CHECKOUT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for group in sorted(GROUPS - {"local"}):
        for file in (CHECKOUT / "conf" / group).glob("*.yaml"):
            assert f"`{file.stem}`" in text, file
