#!/usr/bin/env python3
"""Looks at reports in a browser, and says of each what a reader would find wrong.

    report.py make HARNESS PAGE...   writes a page that shows each PAGE at three widths and judges it
    report.py judge DOM              prints the faults that stand in the harness's dumped DOM, and how much was looked at

A fault: text over other text, out of its picture or out of the page; text that does not stand out by 4.5 to 1 from
what is behind it (WCAG 2.1, 1.4.3); two elements of one id; a picture without a word for screen readers.
"""
import html
import json
import re
import sys

WIDTHS = (1200, 800, 400)

SCRIPT = r"""
function luminance(rgb) {
	const [r, g, b] = rgb.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function color(text) {
	const parts = text.match(/[\d.]+/g).map(Number);
	return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
}
function contrast(a, b) {
	const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
}
function behind(element, view) {
	for (; element; element = element.parentElement) {
		const c = color(view.getComputedStyle(element).backgroundColor);
		if (c.alpha === 1) return c.rgb;
	}
	return [255, 255, 255];
}
function words(element) {
	return [...element.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
}
function judge(frame, name) {
	const view = frame.contentWindow, doc = frame.contentDocument, faults = [];
	let texts = 0, plots = 0;
	const say = (what, element) => faults.push(name + ": " + what + ": " + (element ? element.textContent.trim().slice(0, 50) : ""));
	const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
		inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
	for (const svg of doc.querySelectorAll("svg[role=img]")) {
		const outer = svg.getBoundingClientRect();
		if (!outer.width) continue;
		plots++;
		if (!svg.getAttribute("aria-label") && !svg.querySelector(":scope > title")) say("a picture without a name", svg);
		const boxes = [...svg.querySelectorAll("text")].map(t => [t, t.getBoundingClientRect()]);
		texts += boxes.length;
		boxes.forEach(([t, box], i) => {
			if (!inside(box, outer)) say("text out of its picture", t);
			if (svg.classList.contains("plot"))
				for (const [u, other] of boxes.slice(i + 1))
					if (Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
						Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1.5)
						say("text over text (" + u.textContent + ")", t);
		});
	}
	for (const element of doc.body.querySelectorAll("*")) {
		const picture = element.closest("svg"), plot = element.closest("svg.plot");
		if (!words(element) || (picture && (!plot || element.tagName !== "text"))) continue;
		const box = element.getBoundingClientRect();
		if (!box.width) continue;
		texts++;
		if (!element.closest(".scroll") && (box.left < -1 || box.right > view.innerWidth + 1)) say("text out of the page", element);
		if (!picture && !element.closest(".scroll") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
			say("text out of its box", element);
		const style = view.getComputedStyle(element), ink = color(picture ? style.fill : style.color);
		const ratio = contrast(ink.rgb, behind(element, view));
		if (ratio < 4.5 || ink.alpha < 1) say("contrast " + ratio.toFixed(2), element);
	}
	if (doc.documentElement.scrollWidth > view.innerWidth) say("the page is wider than the window", null);
	const ids = [...doc.querySelectorAll("[id]")].map(e => e.id);
	for (const id of ids) if (ids.filter(i => i === id).length > 1) say("two elements " + id, null);
	return { name, faults, texts, plots, page: view.getComputedStyle(doc.body).backgroundColor };
}
async function main() {
	const results = [];
	for (const page of PAGES) for (const width of WIDTHS) {
		const frame = document.createElement("iframe");
		frame.style = "border: 0; height: 3000px; width: " + width + "px";
		const loaded = new Promise(done => frame.onload = done);
		frame.srcdoc = page.html;
		document.body.append(frame);
		await loaded;
		results.push(judge(frame, page.name + " at " + width));
		frame.remove();
	}
	const result = document.createElement("pre");
	result.id = "result";
	result.textContent = JSON.stringify(results);
	document.body.append(result);
}
main();
"""


def make(harness, paths):
    pages = [{"name": path.rsplit("/", 1)[-1], "html": open(path, encoding="utf-8").read()} for path in paths]
    data = json.dumps(pages).replace("<", "\\u003c")
    with open(harness, "w", encoding="utf-8") as out:
        out.write('<!DOCTYPE html><meta charset="utf-8"><body><script>\nconst PAGES = %s, WIDTHS = %s;\n%s</script>'
                  % (data, json.dumps(WIDTHS), SCRIPT))


def judge(path):
    found = re.search(r'<pre id="result">(.*?)</pre>', open(path, encoding="utf-8").read(), re.S)
    if not found:
        print("the browser gave no verdict")
        return
    results = json.loads(html.unescape(found.group(1)))
    for result in results:
        for fault in result["faults"]:
            print(fault)
        if not result["texts"]:
            print(result["name"], "has no text")
    print("looked at", len(results), "views,", "plots" if sum(r["plots"] for r in results) > 2 * len(results) else "no plots",
          "on", *sorted({r["page"] for r in results}))


if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3:])
else:
    judge(sys.argv[2])
