/* The JSON Schema of exchange scripts. */
#include "render/render.h"
#include "render/schema.h"

#define DURATION "[0-9]+(?:\\.[0-9]+)?(?:ns|us|ms|s|m|h)?|\\$[A-Za-z_][A-Za-z0-9_-]*"

static struct json *duration(const char *about)
{
	struct json *pattern = json_object();
	struct json *number = json_object();

	json_set(pattern, "type", json_text("string"));
	json_set(pattern, "pattern", json_text("^(?:" DURATION ")$"));
	json_set(number, "type", json_text("number"));
	json_set(number, "minimum", json_number(0));
	return schema_described(schema_of("anyOf", pattern, number, NULL), about);
}

/* As a plain word it is YAML's own boolean, or not, by the reader's version. */
static struct json *switched(const char *about)
{
	struct json *json = json_object();

	json_set(json, "enum",
		schema_array(json_bool(true), json_bool(false), json_text("yes"), json_text("no"),
			json_text("on"), json_text("off"), NULL));
	return schema_described(json, about);
}

/* ---- frames ---- */

static struct json *sent(struct schema *schema)
{
	struct json *properties = json_object();
	struct json *frame = schema_object(properties);

	json_set(properties, "name", schema_line("the frame's name"));
	json_set(properties, "layers", schema_ref(schema, "named-layers"));
	json_set(properties, "fcs", schema_fcs(schema));
	json_set(properties, "pad", schema_pad(schema));
	json_set(properties, "frame-size", schema_frame_size(schema));
	json_set(properties, "fragment", schema_fragment(schema));
	json_set(frame, "required", schema_words("layers", NULL));
	return schema_described(
		schema_of("anyOf", frame, schema_line("the name of a template"), NULL),
		"a frame that is sent; $NAME is a variable or what a frame before it held");
}

static struct json *expected(struct schema *schema, const char *about)
{
	struct json *properties = json_object();
	struct json *frame = schema_object(properties);

	json_set(properties, "name", schema_line("the frame's name"));
	json_set(properties, "layers", schema_ref(schema, "named-layers"));
	json_set(frame, "required", schema_words("layers", NULL));
	return schema_described(
		schema_of("anyOf", frame, schema_line("the name of a template"), NULL), about);
}

/* ---- steps ---- */

/* {KIND: VALUE, name: .., and those of extra}. */
static struct json *step(const char *kind, struct json *value, struct json *extra)
{
	struct json *json = schema_object(extra);

	json_set(extra, kind, value);
	json_set(extra, "name", schema_line("what the report calls the step"));
	json_set(json, "required", schema_words(kind, NULL));
	return json;
}

static struct json *with_port(void)
{
	struct json *extra = json_object();

	json_set(extra, "on", schema_line("the interface, one of interfaces:; else the first"));
	return extra;
}

static struct json *with_time(const char *about)
{
	struct json *extra = with_port();

	json_set(extra, "within", duration(about));
	return extra;
}

static struct json *steps(struct schema *schema)
{
	struct json *waits = with_time("how long the frame may take");
	struct json *repeats = json_object();
	struct json *repeat;
	struct json *json = json_object();

	json_set(waits, "not-before", duration("how long it has to take"));
	json_set(repeats, "steps", schema_ref(schema, "steps"));
	repeat = step("repeat", schema_positive(schema, 1000000), repeats);
	json_set(repeat, "required", schema_words("repeat", "steps", NULL));
	json_set(json, "type", json_text("array"));
	json_set(json, "minItems", json_number(1));
	json_set(json, "items",
		schema_of("anyOf", step("send", sent(schema), with_port()),
			step("expect",
				expected(schema, "a frame that is to come: what is left out may be "
						 "anything"),
				waits),
			step("expect-none", expected(schema, "a frame that is not to come"),
				with_time("for how long")),
			step("wait", duration("lets time pass"), json_object()), repeat, NULL));
	return json;
}

/* ---- the top level ---- */

static struct json *interface_of(struct schema *schema)
{
	struct json *lab = json_object();
	struct json *outer = json_object();

	json_set(lab, "mtu", schema_positive(schema, 65535));
	json_set(outer, "lab", schema_object(lab));
	return schema_described(schema_of("anyOf", schema_line("lab, or the name of one"),
					schema_object(outer), NULL),
		"lab makes a wire with the kernel's stack at its other end");
}

static struct json *ports(struct schema *schema, const char *about)
{
	struct json *list = json_object();

	json_set(list, "type", json_text("array"));
	json_set(list, "items", schema_positive(schema, 65535));
	return schema_described(
		schema_of("anyOf", schema_positive(schema, 65535), list, NULL), about);
}

static struct json *peer(struct schema *schema)
{
	struct json *properties = json_object();

	json_set(properties, "tcp", ports(schema, "reads, and closes when the other end has"));
	json_set(properties, "udp", ports(schema, "reads"));
	json_set(properties, "tcp-echo", ports(schema, "gives back what it reads"));
	json_set(properties, "udp-echo", ports(schema, "gives back what it reads"));
	json_set(properties, "forwarding", switched("the peer is a router"));
	return schema_described(schema_object(properties), "what stands at a lab's other end");
}

static void put_top(struct schema *schema, struct json *properties)
{
	struct json *several = json_object();

	json_set(several, "type", json_text("object"));
	json_set(several, "minProperties", json_number(1));
	json_set(several, "maxProperties", json_number(3));
	json_set(several, "additionalProperties", interface_of(schema));
	json_set(properties, "name", schema_line("the script's name"));
	json_set(properties, "about", schema_line("what it shows, one line"));
	json_set(properties, "vars", schema_vars());
	json_set(properties, "interface", interface_of(schema));
	json_set(properties, "interfaces",
		schema_described(several, "several, by the names that on: says"));
	json_set(properties, "peer", peer(schema));
	json_set(properties, "within", duration("of every step that says none; 1s"));
	json_set(properties, "strict", switched("what nothing expects is a failure"));
	json_set(properties, "arp", switched("off: nobody answers who asks for our addresses"));
	json_set(properties, "steps", schema_ref(schema, "steps"));
}

struct json *render_schema_script(void)
{
	struct schema schema = { .definitions = json_object() };
	struct json *properties = json_object();
	struct json *json;

	arena_init(&schema.arena);
	schema_put_named_layers(&schema);
	schema_define(&schema, "steps", steps(&schema));
	json = schema_object(properties);
	put_top(&schema, properties);
	json_set(json, "$schema", json_text("http://json-schema.org/draft-07/schema#"));
	json_set(json, "title", json_text("pktsmith exchange script"));
	json_set(json, "required", schema_words("steps", NULL));
	json_set(json, "definitions", schema.definitions);
	buffer_fini(&schema.names);
	buffer_fini(&schema.lists);
	arena_fini(&schema.arena);
	return json;
}
