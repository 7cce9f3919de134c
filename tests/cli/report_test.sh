#!/usr/bin/env bash
# Reports: pages of all kinds of charts, of plain and of extreme numbers, as a parser and a browser see them: valid, light
# and dark, at three widths, no text over other text. What the pages say, the unit tests show.
. tests/support/cli.sh
build=${BUILD:-build}
mkdir "$dir/pages"
check "pages are written" env REPORT_PAGES="$dir/pages" "$build/tests/unit/render/report_html_test"
is "there is one of each kind" "$(cd "$dir/pages" && echo *)" \
	"equal.html full.html hostile.html large.html lost.html none.html one.html path.html rfc2544.html sweep.html zero.html"

# Another's eyes on the HTML: html5lib's parser, which is HTML's own, and here forgives nothing.
cat >"$dir/parse.py" <<'Y'
import sys
import html5lib
for path in sys.argv[1:]:
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(open(path, "rb").read(), transport_encoding="utf-8")
    for at, error, data in parser.errors:
        print(path.rsplit("/", 1)[-1], at, error, data)
    names = [e.tag.rsplit("}", 1)[-1] for e in tree.iter() if isinstance(e.tag, str)]
    if names.count("script") or names.count("main") != 1 or names.count("h1") != 1:
        print(path, "has other elements than a report")
Y
is "the pages are valid HTML" "$(/usr/bin/python3 "$dir/parse.py" "$dir"/pages/*.html 2>&1)" ""
sed 's|</table>||' "$dir/pages/full.html" >"$dir/broken.html"
like "and what is not is seen" "$(/usr/bin/python3 "$dir/parse.py" "$dir/broken.html" 2>&1)" "broken.html"
check "a large sweep is a page that a browser takes" test "$(stat -c %s "$dir/pages/sweep.html")" -lt 1000000

# What a browser makes of it: browse SCHEME HARNESS; 0 is dark, 1 is light.
browse() {
	nice chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$dir/profile" \
		--enable-logging=stderr --blink-settings="preferredColorScheme=$1" --virtual-time-budget=120000 --dump-dom \
		"file://$2" >"$dir/dom" 2>"$dir/log"
	/usr/bin/python3 tests/cli/report.py judge "$dir/dom"
	grep -o 'CONSOLE.*' "$dir/log" | head -n 5
}
if ! command -v chromium >/dev/null; then
	tap_ok "the pages look well # SKIP there is no chromium"
	done_testing
	exit
fi
/usr/bin/python3 tests/cli/report.py make "$dir/harness.html" "$dir"/pages/*.html
is "text is apart, inside and stands out, in the light" "$(browse 1 "$dir/harness.html")" "looked at 33 views, plots on rgb(246, 247, 249)"
is "and in the dark" "$(browse 0 "$dir/harness.html")" "looked at 33 views, plots on rgb(16, 19, 24)"

# The same eyes on pages that are spoilt on purpose.
mkdir "$dir/spoilt"
sed 's|</style>|.plot .tick { font-size: 30px }&|' "$dir/pages/full.html" >"$dir/spoilt/overlap.html"
sed 's|</style>|:root { --muted: #aaaaaa }&|' "$dir/pages/full.html" >"$dir/spoilt/pale.html"
sed 's|<p class="verdict|<script>nonsense()</script>&|' "$dir/pages/full.html" >"$dir/spoilt/script.html"
sed 's|</style>|.figures { width: 2000px }&|' "$dir/pages/full.html" >"$dir/spoilt/wide.html"
/usr/bin/python3 tests/cli/report.py make "$dir/harness.html" "$dir"/spoilt/*.html
faults=$(browse 1 "$dir/harness.html")
like "text over text would be seen" "$faults" '^overlap.html at 400: text over text'
like "and text outside of its picture" "$faults" '^overlap.html at 400: text out of its picture'
like "and pale text" "$faults" '^pale.html at 1200: contrast'
like "and a page too wide" "$faults" '^wide.html at 1200: the page is wider than the window'
like "and a script, which the page itself forbids" "$faults" "CONSOLE.*script-src"
done_testing
