"""Markdown as GitHub shows it: cmark-gfm, GitHub's own parser, and what GitHub adds (alerts, special fences)."""
import ctypes
import html
import re

OPTIONS = 1 << 17  # CMARK_OPT_UNSAFE: GitHub keeps the few tags that outcrop writes
EXTENSIONS = (b"table", b"strikethrough", b"autolink", b"tagfilter")
FENCE = re.compile(r'<pre><code class="language-(\w+)">(.*?)</code></pre>', re.S)
ALERT = re.compile(r"<blockquote>\n<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](.*?)</blockquote>", re.S)


def load():
    core = ctypes.CDLL("libcmark-gfm.so", mode=ctypes.RTLD_GLOBAL)
    ctypes.CDLL("libcmark-gfm-extensions.so").cmark_gfm_core_extensions_ensure_registered()
    for name in ("cmark_parser_new", "cmark_find_syntax_extension", "cmark_parser_finish",
                 "cmark_parser_get_syntax_extensions", "cmark_render_html"):
        getattr(core, name).restype = ctypes.c_void_p
    return core


CORE = load()


def to_html(text):
    data = text.encode()
    parser = ctypes.c_void_p(CORE.cmark_parser_new(OPTIONS))
    for name in EXTENSIONS:
        CORE.cmark_parser_attach_syntax_extension(parser, ctypes.c_void_p(CORE.cmark_find_syntax_extension(name)))
    CORE.cmark_parser_feed(parser, data, ctypes.c_size_t(len(data)))
    document = ctypes.c_void_p(CORE.cmark_parser_finish(parser))
    extensions = ctypes.c_void_p(CORE.cmark_parser_get_syntax_extensions(parser))
    return ctypes.string_at(CORE.cmark_render_html(document, OPTIONS, extensions)).decode()


def render(text, special=None):
    """`special` maps a fence's word to a function from its lines to HTML."""
    special = special or {}

    def fence(match):
        lines = html.unescape(match.group(2)).rstrip("\n").split("\n")
        return special[match.group(1)](lines) if match.group(1) in special else match.group(0)

    def alert(match):
        kind = match.group(1).lower()
        title = f'<p class="title">{kind.capitalize()}</p>'
        return f'<div class="alert {kind}">{title}<p>{match.group(2).strip()}</div>'

    page = re.sub(r"<!--.*?-->", "", to_html(text), flags=re.S)
    return ALERT.sub(alert, FENCE.sub(fence, page))


def plain(text):
    """The words alone, for a line on a terminal."""
    return html.unescape(re.sub(r"<[^>]*>", "", to_html(text))).strip()


def table_rows(text):
    """The rows of the first table, each a list of plain cells."""
    table = re.search(r"<tbody>(.*?)</tbody>", to_html(text), re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", table.group(1), re.S) if table else []
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)).replace("\xa0", " ").strip()
             for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows]
