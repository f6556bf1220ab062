"""HTML that both kinds of explorers are made of."""

import json
from collections.abc import Callable, Iterable
from html import escape
from typing import Any


def check_texts(**texts: str) -> None:
    """Raise ValueError for a text that is empty."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name} is empty: write a sentence")


def roomy(tag: str, name: str, text: str, texts: Iterable[str]) -> str:
    """Return a text that changes, in a box with room for the longest: nothing around it moves."""
    hidden = ' aria-hidden="true"' if name == "value" else ""  # the slider itself reads its value
    return (
        f'<{tag} class="room" data-longest="{escape(max(texts, key=len))}"{hidden}>'
        f'<span class="{name}">{escape(text)}</span></{tag}>'
    )


def json_text(content: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Return JSON that can stand in a page; `default` serialises what JSON does not know."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=default)
    return text.replace("<", "\\u003c")
