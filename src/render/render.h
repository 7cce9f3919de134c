/* render.h: frames and tables as text for people and programs; appends to a buffer, prints nothing
 * itself. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "frame/view.h"
#include "render/color.h"

struct buffer;
struct json;

/* Escape sequences, or all "" where no colour is wanted. */
struct render_style {
	const char *layer, *field, *value, *dim, *good, *bad, *strong, *reset;
	const char *layers[COLOR_COUNT]; /* of a tree, by enum color */
	bool octets;			 /* a tree has the octets of each field beside it */
};

extern const struct render_style render_plain, render_colored;

/* Layers, their fields with offsets, values, names and what is wrong, then the octets, in the
 * colours of their layers. name may be NULL. */
void render_tree(const char *name, const struct frame_view *view, const struct render_style *style,
	struct buffer *out);

/* Two frames side by side, a line a field: what left, and `the same` or what arrived instead. Cuts
 * long values: frame/diff.h tells the differences in full. */
void render_compare(const struct frame_view *left, const struct frame_view *arrived,
	const struct render_style *style, struct buffer *out);

/* Offset, 16 octets in hex, their ASCII: the shape of hexdump -C. */
void render_hexdump(
	const uint8_t *octets, size_t length, const struct render_style *style, struct buffer *out);

/* One line, hex digits without blanks, '\n' at its end. */
void render_hex(const uint8_t *octets, size_t length, struct buffer *out);

/* A C array `static const unsigned char NAME[LENGTH]`, a comment a layer. name is made a C
 * identifier. */
void render_c(const char *name, const struct frame_view *view, bool with_fcs, struct buffer *out);

/* The C identifier that is made of a name; of one that is an identifier, itself. */
void render_c_name(const char *name, struct buffer *out);

/* A frame and what it is called; name may be NULL. */
struct render_named {
	const char *name;
	const struct frame_view *view;
};

/*
 * An SVG document with the frames one below the other, each in rows of 32 bits, a block a layer and
 * a cell a field or item of a list. Light, or dark where the viewer prefers that. Long runs of
 * octets are folded.
 */
void render_svg(const struct render_named *frames, size_t count, struct buffer *out);

/* The same without the XML declaration: the element, for a page of HTML; once a page. */
void render_svg_element(const struct render_named *frames, size_t count, struct buffer *out);

/* The same in text, as RFCs draw headers; with values also what the fields hold. name may be NULL.
 */
void render_rfc(const char *name, const struct frame_view *view, bool values, struct buffer *out);

/* tcpdump's one line a frame, without time: "ipv4 10.0.0.1 > 10.0.0.2: udp 53 > 1024, length 12".
 * No '\n'. */
void render_line(
	const struct frame_view *view, const struct render_style *style, struct buffer *out);

/*
 * {"name","length","hex","fcs","layers":[{"protocol","offset","length","fields":{...}}]}; a struct
 * json of render/json.h. length and hex leave the FCS out, padding in; offset and length of a layer
 * are its header's, in octets.
 *
 * "fcs" is {"state":"right"|"wrong"|"none","octets":"1a2b3c4d"|null,"expected":"9c0d..."}: four
 * octets in wire order. "fields": UINT and FLAGS are numbers, MAC and IP strings, BYTES hex
 * strings, a LIST an array of {"item":"mss","kind":2,"length":4,"value":1460}.
 *
 * Only where there is such a thing: in a layer "wrong":{"checksum":4660}, the value that would be
 * right, "placeholders":["src"], "varies":["sport","options[1].value"], what is given as varying,
 * and "changed":["sport","checksum"], what differs from the frame before; in the frame
 * "padding":{"offset","length","hex"} and "fault":"why the rest was not read".
 */
struct json *render_frame_json(const char *name, const struct frame_view *view);

/* The table of all protocols; the page of one; one field of it. field may be NULL. */
void render_protocols(const struct render_style *style, struct buffer *out);
void render_protocol(const struct wire_protocol *protocol, const struct wire_field *field,
	const struct render_style *style, struct buffer *out);

/*
 * {"name","title","rfc","help","named_by":[{"space","number"}],"fields":[...]}; a field is
 * {"name","kind","width","offset","rule","required","preset","help","wireshark","names":[{"name",
 * "value"}],...}: width and offset in bits, null where they depend on the frame.
 */
struct json *render_protocol_json(const struct wire_protocol *protocol);
struct json *render_field_json(const struct wire_record *record, const struct wire_field *field);

/* The JSON Schema (draft-07) of templates: a struct json of render/json.h. */
struct json *render_schema(void);
struct json *render_schema_script(void); /* of exchange scripts */

/* The reference manual of all protocols in Markdown. */
void render_protocols_md(struct buffer *out);

/* The protocols as a section of a man page, in roff -man. */
void render_protocols_man(struct buffer *out);

#endif
