# pktsmith: `make help` lists the targets.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
SECONDS_FUZZ ?= 60

CC       ?= gcc
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wconversion $(if $(WERROR),-Werror)
CPPFLAGS += -D_GNU_SOURCE -Isrc -DPKTSMITH_VERSION='"$(VERSION)"' -DPKTSMITH_FRAMES='"$(PREFIX)/share/pktsmith/frames"'
COMPILE   = $(CC) -std=gnu11 $(CPPFLAGS) $(WARNINGS) $(CFLAGS) $(SANITIZE) -MMD -MP
PACKAGES := libpcap yaml-0.1 json-c libmnl libdeflate
LIBS     := -lnet $(shell pkg-config --libs $(PACKAGES) 2>/dev/null || echo -lpcap -lyaml -ljson-c -lmnl -ldeflate)

# From the ground up; scripts/layers.txt holds what each may include.
MODULES  := base wire patch frame template link flow render
LIB_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(MODULES:%=src/%/*.c)))
CLI_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/cli/*.c))
TESTS    := $(patsubst %.c,$(BUILD)/%,$(wildcard $(MODULES:%=tests/unit/%/*_test.c)))
SUPPORT  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
FUZZERS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
C_FILES   = $(shell find src tests -name '*.[ch]')

V ?= @
say = @printf '  %-7s %s\n'

all: $(BUILD)/pktsmith

$(BUILD)/pktsmith: $(CLI_OBJ) $(BUILD)/libpktsmith.a
	$(say) LINK $@
	$(V)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libpktsmith.a: $(LIB_OBJ)
	$(say) AR $@
	$(V)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	$(say) CC $<
	$(V)mkdir -p $(@D) && $(COMPILE) -c -o $@ $<

$(BUILD)/tests/unit/%_test: $(BUILD)/tests/unit/%_test.o $(SUPPORT) $(BUILD)/libpktsmith.a
	$(V)$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS) -lz -lcmocka

tests: $(TESTS)

layers: ## prove that dependencies point down
	$(V)scripts/layers.sh

.PHONY: all tests layers
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
