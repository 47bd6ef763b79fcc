"""HTML with slots: what a template wrote once, with each page's own bits put in."""

from django.template import Context, Template

from portal.core.moulds import fill, mould_of, slot


def test_slots_take_each_pages_bits_and_nothing_else() -> None:
    text = "Nobody’s \x02secret\x03 <b>"
    html = Template("<h{{ level }}>{{ text }}</h{{ level }}>").render(Context({"level": slot("level"), "text": text}))
    mould = mould_of(html)
    assert fill(mould, {"level": "2", "other": "x"}) == "<h2>Nobody’s  &lt;b&gt;</h2>"
    assert fill(mould, {"level": "3"}).startswith("<h3>")
