# pktsmith: `make help` lists the targets.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
SECONDS_FUZZ ?= 60

CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wconversion $(if $(WERROR),-Werror)
CPPFLAGS += -D_GNU_SOURCE -Isrc -DPKTSMITH_VERSION='"$(VERSION)"' -DPKTSMITH_FRAMES='"$(PREFIX)/share/pktsmith/frames"' \
	-DPKTSMITH_TESTS='"$(PREFIX)/share/pktsmith/tests"'
PACKAGES := libpcap yaml-0.1 json-c libmnl libdeflate zlib libzstd
# Asked when used, not when read: `sudo make check` installs pkg-config and the libraries first.
LIBS      = -lm -lnet $(shell pkg-config --libs $(PACKAGES))
COMPILER  = $(CC) -std=gnu11 $(CPPFLAGS) $(CFLAGS) $(SANITIZE)
COMPILE   = $(COMPILER) $(WARNINGS) -MMD -MP
LINK      = $(CC) $(CFLAGS) $(SANITIZE) -Wl,--as-needed $(LDFLAGS)

# From the ground up; scripts/layers.txt holds what each may include.
MODULES  := base wire patch tcp frame template link flow stack match probe measure exchange respond render
LIB_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(MODULES:%=src/%/*.c)))
CLI_OBJ  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/cli/*.c src/cli/*/*.c))
TESTS    := $(patsubst %.c,$(BUILD)/%,$(wildcard $(MODULES:%=tests/unit/%/*_test.c)))
SUPPORT  := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
PEER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/lwip/*.c))
PEER     := $(BUILD)/tests/support/lwip_peer
KERNEL   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/peers/*.c))
FUZZERS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
SCRIPTS  := $(wildcard tests/*/*_test.sh tests/*/*_test.py)
C_FILES   = $(shell find src tests -name '*.[ch]')
RUN       = BUILD=$(BUILD) tests/run.sh $(if $(ONLY),--only '$(ONLY)')
AGAIN     = $(MAKE) --no-print-directory
# What root built in a user's tree stays the user's.
GIVE_BACK = $(if $(SUDO_UID),; status=$$?; chown -R $(SUDO_UID):$(SUDO_GID) $(BUILD); exit $$status)

V ?= @
say = @printf '  %-7s %s\n'

# What the program says of itself: for man, editors and shells.
SAYS     := $(addprefix $(BUILD)/,pktsmith.1 template.schema.json test.schema.json completion.bash completion.zsh)

all: $(BUILD)/pktsmith $(SAYS) ## build the program, the library, the manual page, schema and completion (the default)

demo: ## as root: install what is needed, build, and send three frames between two network namespaces
	$(V)scripts/install-deps.sh
	+$(V)$(AGAIN) all $(GIVE_BACK)
	$(V)scripts/demo.sh $(BUILD)/pktsmith

check: ## as root: install what is needed, build, run every test; ONLY=PATTERN picks by path
	$(V)scripts/install-deps.sh --test
	+$(V)$(AGAIN) all tests $(GIVE_BACK)
	$(V)$(RUN) $(TESTS) $(SCRIPTS) $(GIVE_BACK)

check-unit: $(TESTS) ## run the unit tests
	$(V)$(RUN) $(or $(TESTS),--unit)

# check-netns runs tests/netns, and so on for each folder that holds test scripts.
check-%: all ## check-netns, check-cli, ...: run the test scripts of one folder of tests/
	$(V)$(RUN) $(or $(filter tests/$*/%,$(SCRIPTS)),$(error there are no test scripts in tests/$*))

check-netns check-golden: $(PEER) $(KERNEL)
check-cli: $(BUILD)/tests/unit/render/report_html_test

# Without warnings: what the sanitizers put in draws false ones.
sanitize: ## run the unit tests with the address and undefined behaviour sanitizers
	+$(V)$(AGAIN) check-unit BUILD=$(BUILD)/sanitize CFLAGS='-O1 -g -fno-omit-frame-pointer' WARNINGS= \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined'

fuzz: ## fuzz the readers of hostile input, SECONDS_FUZZ (60) each
	+$(V)$(AGAIN) fuzzers BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g -fno-omit-frame-pointer' WARNINGS= \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'
	$(V)BUILD=$(BUILD)/fuzz tests/fuzz/run.sh $(SECONDS_FUZZ)

bench: all $(KERNEL) ## measure: building a frame, sending frames; beside other tools
	$(V)BUILD=$(BUILD) scripts/bench.sh

lint: ## clang-tidy and cppcheck, without a warning
	$(V)scripts/lint.sh

layers: ## prove that dependencies point down
	$(V)scripts/layers.sh

format: ## clang-format the sources
	$(V)clang-format -i $(C_FILES)

format-check: ## fail where clang-format would change something
	$(V)clang-format --dry-run --Werror $(C_FILES)

install: all ## put the program, library, headers, manual page, templates, schema and completion under DESTDIR PREFIX (/usr/local)
uninstall: ## take them away again
install uninstall:
	$(V)BUILD='$(BUILD)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' VERSION=$(VERSION) scripts/install.sh $@

setcap: all ## as root: let every user of the built program send, capture, and speak UDP and TCP
	setcap cap_net_raw,cap_net_admin=ep $(BUILD)/pktsmith

deb: ## a Debian package in BUILD
	+$(V)$(AGAIN) all PREFIX=/usr BUILD=$(BUILD)/deb
	$(V)BUILD=$(BUILD)/deb VERSION=$(VERSION) scripts/deb.sh

clean: ## remove what was built
	$(V)rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z%][a-z% -]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  %-18s %s\n", $$1, $$2 }'

tests: $(TESTS) $(PEER) $(KERNEL)
fuzzers: $(FUZZERS)

$(BUILD)/pktsmith: $(CLI_OBJ) $(BUILD)/libpktsmith.a
	$(say) LINK $@
	$(V)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/pktsmith.1: $(wildcard src/man/*) $(BUILD)/pktsmith
	$(say) MAN $@
	$(V)src/man/make.sh $(BUILD)/pktsmith $(VERSION) $(PREFIX) >$@.new && mv $@.new $@

$(BUILD)/template.schema.json: $(BUILD)/pktsmith
	$(say) SCHEMA $@
	$(V)$< schema >$@.new && mv $@.new $@

$(BUILD)/test.schema.json: $(BUILD)/pktsmith
	$(say) SCHEMA $@
	$(V)$< schema --tests >$@.new && mv $@.new $@

$(BUILD)/completion.%: $(BUILD)/pktsmith
	$(say) SHELL $@
	$(V)$< completion $* >$@.new && mv $@.new $@

# As an archive, so that a test links only what it calls.
$(BUILD)/libsupport.a: $(SUPPORT)
$(BUILD)/libpktsmith.a: $(LIB_OBJ)
$(BUILD)/%.a:
	$(say) AR $@
	$(V)mkdir -p $(@D) && rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(say) CC $<
	$(V)mkdir -p $(@D) && $(COMPILE) -c -o $@ $<

$(BUILD)/tests/unit/%_test: $(BUILD)/tests/unit/%_test.o $(BUILD)/libsupport.a $(BUILD)/libpktsmith.a
	$(V)$(LINK) -o $@ $^ $(LIBS) -lz -lcmocka

# A second stack to speak with. Its headers are the system's: what they would be warned of is not ours.
$(PEER): $(PEER_OBJ)
	$(say) LINK $@
	$(V)$(LINK) -o $@ $^ -llwip
$(PEER_OBJ): private CPPFLAGS += -isystem $(shell pkg-config --variable=includedir lwip)

$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(BUILD)/libsupport.a $(BUILD)/libpktsmith.a
	$(V)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

$(BUILD)/tests/peers/%: $(BUILD)/tests/peers/%.o $(BUILD)/libpktsmith.a
	$(V)$(LINK) -o $@ $^ $(LIBS)

# Its loops over arrays become vectors: a quarter less time a frame that varies.
$(BUILD)/src/patch/columns.o: private CFLAGS += -O3

# Other flags, other objects: what an earlier PREFIX or SANITIZE built is built again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D); echo "$(subst ",\",$(COMPILER))" | cmp -s - $@ || echo "$(subst ",\",$(COMPILER))" >$@

FORCE:
.PHONY: all demo check check-unit sanitize fuzz bench lint layers format format-check install uninstall setcap deb \
	clean help tests fuzzers FORCE
.SECONDARY:
-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CLI_OBJ) $(SUPPORT) $(PEER_OBJ)) $(TESTS:=.d) $(FUZZERS:=.d) $(KERNEL:=.d)
