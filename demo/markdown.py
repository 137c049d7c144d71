"""Markdown as GitHub shows it, in the part that outcrop writes: text in, safe HTML out."""
import html
import re

BLOCK_TAG = re.compile(r"^</?(details|summary)\b[^>]*>", re.I)
INLINE_TAGS = [
    (re.compile(r"&lt;(/?)(sub|sup|code|b|i|kbd|details|summary)&gt;"), r"<\1\2>"),
    (re.compile(r"&lt;a href=&quot;(https?://[^&\s]*)&quot;&gt;(.*?)&lt;/a&gt;"), r'<a href="\1">\2</a>'),
    (re.compile(r"&lt;br ?/?&gt;"), "<br>"),
]
ALERT = re.compile(r"^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$")


def inline(text):
    """Code spans, bold, italics, links and the few tags that are allowed."""
    spans = []

    def keep(match):
        spans.append(f"<code>{html.escape(match.group(2).strip(), quote=False)}</code>")
        return f"\x00{len(spans) - 1}\x00"

    text = re.sub(r"(`+)(.+?)\1", keep, text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~@])", lambda m: f"\x01{ord(m.group(1))};", text)
    text = html.escape(text)
    for pattern, replacement in INLINE_TAGS:
        text = pattern.sub(replacement, text)
    text = re.sub(r"&amp;(#\d+|#x[0-9a-fA-F]+|\w+);", r"&\1;", text)
    text = re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])", r"<em>\1</em>", text)
    text = re.sub("\x01(\\d+);", lambda m: html.escape(chr(int(m.group(1)))), text)
    return re.sub("\x00(\\d+)\x00", lambda m: spans[int(m.group(1))], text)


def split_row(line):
    cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [inline(cell.strip()) for cell in cells]


def table(lines):
    head, rows = split_row(lines[0]), [split_row(line) for line in lines[2:]]
    right = [cell.strip().endswith(":") for cell in lines[1].strip().strip("|").split("|")]

    def cells(tag, row):
        return "".join(f'<{tag}{" class=right" if right[i:i + 1] == [True] else ""}>{cell}</{tag}>'
                       for i, cell in enumerate(row))

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def fence(info, lines, special):
    if info in special:
        return special[info](lines)
    return f"<pre><code>{html.escape(chr(10).join(lines), quote=False)}</code></pre>"


def paragraph(lines):
    return f"<p>{'<br>'.join(inline(line) for line in lines)}</p>" if lines else ""


def take_fence(lines, at):
    """The opening fence's mark and word, the lines inside, and where it goes on."""
    mark, info = re.match(r"^(`{3,}|~{3,})\s*(\S*)", lines[at]).groups()
    end = at + 1
    while end < len(lines) and not lines[end].startswith(mark):
        end += 1
    return info, lines[at + 1:end], end + 1


def quote(lines, special):
    content = [re.sub(r"^> ?", "", line) for line in lines]
    alert = ALERT.match(content[0].strip())
    if alert:
        kind = alert.group(1).lower()
        return (f'<div class="alert {kind}"><p class="title">{kind.capitalize()}</p>'
                f'{render(chr(10).join(content[1:]), special)}</div>')
    return f"<blockquote>{render(chr(10).join(content), special)}</blockquote>"


def render(text, special=None):
    """`special` maps a fence's word to a function from its lines to HTML."""
    special = special or {}
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    lines, out, pending, at = text.replace("\r\n", "\n").split("\n"), [], [], 0

    def flush():
        out.append(paragraph(pending))
        pending.clear()

    while at < len(lines):
        line = lines[at]
        if re.match(r"^(`{3,}|~{3,})", line):
            flush()
            info, inside, at = take_fence(lines, at)
            out.append(fence(info, inside, special))
            continue
        heading = re.match(r"^(#{1,6}) (.*)$", line)
        if heading:
            flush()
            level = len(heading.group(1))
            out.append(f"<h{level}>{inline(heading.group(2))}</h{level}>")
        elif line.startswith("|") and at + 1 < len(lines) and re.match(r"^\|[ :|-]+$", lines[at + 1]):
            flush()
            end = at
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            out.append(table(lines[at:end]))
            at = end
            continue
        elif line.startswith(">"):
            flush()
            end = at
            while end < len(lines) and lines[end].startswith(">"):
                end += 1
            out.append(quote(lines[at:end], special))
            at = end
            continue
        elif re.match(r"^([-*]|\d+\.) ", line):
            flush()
            tag, items = "ol" if line[0].isdigit() else "ul", []
            while at < len(lines) and (match := re.match(r"^(?:[-*]|\d+\.) (.*)$", lines[at])):
                items.append(f"<li>{inline(match.group(1))}</li>")
                at += 1
            out.append(f"<{tag}>{''.join(items)}</{tag}>")
            continue
        elif BLOCK_TAG.match(line.strip()):
            flush()
            out.append(inline(line.strip()))
        elif not line.strip():
            flush()
        else:
            pending.append(line)
        at += 1
    flush()
    return "\n".join(part for part in out if part)


def plain(text):
    """For a terminal: without tags, comments and escapes."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"</?(details|summary|sub|code|a|b|i)\b[^>]*>", "", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~@])", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", html.unescape(text)).strip()
