"""A small document, made by the renderer as packs are: what the doctor asks for. No models, no database."""

from pathlib import Path
from typing import Any

from weasyprint import HTML

from portal.briefings.child import write_checked
from portal.briefings.finishing import finish
from portal.briefings.rendering import ASSETS, BASE_ADDRESS, UA, PackFetcher

DOCUMENT = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Self-test</title>
<link rel="stylesheet" href="pack:///pack.css"></head>
<body><main><h1>Self-test</h1><p>{text}</p>
<table><caption>Letters</caption><thead><tr><th scope="col">Sign</th><th scope="col">Name</th></tr></thead>
<tbody><tr><td>£ − é ≥</td><td>Pound, minus, e acute, at least</td></tr></tbody></table></main></body></html>
"""


def make(data: dict[str, Any], output: Path) -> None:
    html = HTML(string=DOCUMENT.format(**data), base_url=BASE_ADDRESS, url_fetcher=PackFetcher(ASSETS))
    write_checked(html.write_pdf(finisher=finish, **UA), output)
