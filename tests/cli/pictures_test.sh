#!/usr/bin/env bash
# pktsmith show --format svg and rfc, of every template there is: valid, drawn without a warning, and complete.
. tests/support/cli.sh
templates=$(find frames tests/golden/templates -name '*.yaml' | sort)

# Another's eyes on the XML and on what is drawn of it.
mkdir "$dir/svg"
for template in $templates; do
	"$P" show --format svg "$template" >"$dir/svg/$(basename "$template" .yaml).svg" || echo "# $template"
done
is "every_template_has_a_picture" "$(find "$dir/svg" -type f -size +2k | wc -l)" "$(printf '%s\n' "$templates" | wc -l)"
is "every_picture_is_well_formed" "$(xmllint --noout "$dir"/svg/*.svg 2>&1)" ""
is "every_picture_is_drawn_without_a_warning" "$(for picture in "$dir"/svg/*.svg; do
	rsvg-convert "$picture" -o "$dir/drawn.png" 2>&1 && [ -s "$dir/drawn.png" ] || echo "$picture"
done)" ""
is "pictures_have_a_cell_a_field_and_names_that_fit" "$(/usr/bin/python3 tests/cli/pictures.py "$P" $templates 2>&1)" ""

# Both palettes: the dark one is the style sheet, and without it the page is light.
page() { rsvg-convert "$1" -f png | /usr/bin/python3 -c '
import sys, zlib, struct
data = sys.stdin.buffer.read()
at, pixels = 8, b""
while at < len(data):
    length, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IDAT": pixels += data[at + 8:at + 8 + length]
    at += 12 + length
print(zlib.decompress(pixels)[1:4].hex())'; }
sed -e '/^@media/d' -e '/^}$/d' "$dir/svg/qinq.svg" >"$dir/dark.svg"
is "a_picture_is_light" "$(page "$dir/svg/qinq.svg")" ffffff
is "a_picture_is_dark_where_that_is_preferred" "$(page "$dir/dark.svg")" 15181d

# Contrast of all text with what is behind it: 4.5 is WCAG's AA for small text.
cat >"$dir/contrast.py" <<'Y'
import re, sys
svg = open(sys.argv[1]).read()
def luminance(color):
    parts = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
light, dark = {}, {}
for kind, color in re.findall(r'class="(page|[tmw]|[cs]\d)"[^>]*? fill="(#\w{6})"', svg):
    light[kind] = color
for kind, color in re.findall(r'\.(page|[tmw]|[cs]\d) \{ fill: (#\w{6})', svg):
    dark[kind] = color
assert set("tm") < set(dark) and {"page", "t", "m"} <= set(light), (light, dark)
for palette in light, dark:
    fills = [c for k, c in palette.items() if k == "page" or k[0] == "c"]
    for kind, ink in palette.items():
        behind = fills if kind in ("t", "m", "w") else [palette["page"]] if kind[0] == "s" else []
        for fill in behind:
            if contrast(ink, fill) < 4.5:
                print(kind, ink, "on", fill, round(contrast(ink, fill), 2))
Y
is "text_stands_out_in_both_palettes" "$(for name in qinq ipv4-bad-checksum ipv6-extension-headers; do
	/usr/bin/python3 "$dir/contrast.py" "$dir/svg/$name.svg"; done 2>&1)" ""

# Hostile text is text.
cat >"$dir/markup.yaml" <<'Y'
name: "</title><script>&\"'"
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01, type: 0x88b5}
  - payload: "<script>alert(1)</script>"
Y
"$P" show --format svg "$dir/markup.yaml" >"$dir/markup.svg"
check "markup_in_a_template_stays_text" xmllint --noout "$dir/markup.svg"
is "markup_in_a_template_makes_no_element" "$(grep -c '<script' "$dir/markup.svg")" 0

# Several frames: one document, and clear parting lines in text.
"$P" show --format svg udp syn >"$dir/several.svg"
check "several_frames_are_one_document" xmllint --noout "$dir/several.svg"
is "several_frames_have_a_title_each" "$(xmllint --xpath 'count(//*[@font-size="19"])' "$dir/several.svg")" 2
is "several_figures_are_parted_by_a_line" "$("$P" show --format rfc udp syn | grep -c '^-\{72\}$')" 1
is "several_trees_are_parted_by_a_line" "$("$P" show udp syn ping | grep -c '^-\{72\}$')" 2

# What varies is hatched, and said to be.
"$P" show --format svg frames/udp/udp.yaml >"$dir/fixed.svg"
cat >"$dir/varying.yaml" <<'Y'
layers:
  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}
  - ipv4: {src: {random: 10.0.0.0/24}, dst: 10.0.0.2}
  - udp: {sport: {inc: 1000..2000}, dport: 9}
Y
"$P" show --format svg "$dir/varying.yaml" >"$dir/varying.svg"
is "what_varies_is_hatched" "$(xmllint --xpath '//*[*[@fill="url(#varies)"]]/@data-field' "$dir/varying.svg" | tr -d '\n')" \
	' data-field="ipv4.src" data-field="udp.sport"'
is "what_is_fixed_is_not_hatched" "$(grep -c 'url(#varies)' "$dir/fixed.svg")" 0

# Text: plain and narrow enough for a mail or an RFC.
is "rfc_figures_are_ascii" "$("$P" show --format rfc -v $(find frames -name '*.yaml') | LC_ALL=C grep -c '[^ -~]')" 0
is "rfc_figures_have_no_blanks_at_line_ends" "$("$P" show --format rfc -v $(find frames -name '*.yaml') | grep -c ' $')" 0
like "a_payload_has_its_octets" "$("$P" show --format rfc -v http-get)" "47 'G' +45 'E' +54 'T'"
done_testing
