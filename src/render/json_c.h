/* json_c.h: json-c, two of whose typedefs have the names of our functions. */
#ifndef RENDER_JSON_C_H
#define RENDER_JSON_C_H

#define json_object json_c_object
#define json_bool   json_c_bool
#include <json-c/json_object.h>
#include <json-c/json_object_iterator.h>
#undef json_object
#undef json_bool

#endif
