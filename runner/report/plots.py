"""Give a chart its place on a page: a title, room for its legend, and a plot."""

from html import escape


def plot(key: str, title: str, caption: str = "") -> str:
    """Return the place of the chart that a page's script calls `key`; the caption is HTML."""
    return (
        f'<div class="chart" data-chart="{key}"><div class="head"><h3>{escape(title)}</h3>'
        f'{caption}<span class="grow"></span></div>'
        f'<div class="plot" role="img" tabindex="0" aria-label="{escape(title)}"></div></div>'
    )
