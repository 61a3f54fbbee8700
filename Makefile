# What a developer and CI type. `make test` needs Go and, on a fresh Debian,
# installs what else it needs from Debian's packages.

SHELL := /bin/bash
export CGO_ENABLED ?= 0
KILLS ?= 2000
SMALL ?= 2000000
STATES ?= 10000000
PACKAGES ?= ./...
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
TARGETS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
EPOCH = SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct)

.PHONY: help deps test lint golangci verify vulnerabilities build bench torture search fuzz pictures demo dist

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

build: ## a static binary
	go build -trimpath -ldflags '-s -w' -o latchkey .

lint: ## formatting and vet
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	$(RACE) go vet $(if $(RACE),-race) ./...

golangci: ## the rules of .golangci.yml; it builds golangci-lint, which takes minutes the first time
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.5.0 run

verify: test search fuzz vulnerabilities ## lint, test, search, a minute of fuzzing for each parser, and known vulnerabilities

vulnerabilities: ## what the Go vulnerability database knows of what is used; it says so where it can't be reached
	@dir=$$(mktemp -d); trap 'rm -rf '$$dir EXIT; \
	GOBIN=$$dir go install golang.org/x/vuln/cmd/govulncheck@v1.9.0 && { $$dir/govulncheck $(PACKAGES); s=$$?; } || s=1; \
	case $$s in 0) ;; 3) exit 1;; *) echo 'the vulnerability database was not asked: it, or its tool, could not be reached';; esac

dist: ## the archives of a release, their SBOMs, licences and checksums, in dist; the same commit gives the same bytes
	rm -rf dist && mkdir -p dist/extra
	$(EPOCH) go run ./deploy/release man dist/extra/man
	go run ./deploy/release completions dist/extra/completions
	@set -e; for t in $(TARGETS); do n=latchkey_$(VERSION)_$${t/\//_}; d=dist/$$n; echo $$n; mkdir $$d; \
	  GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $$d/latchkey .; \
	  cp -r LICENSE README.md CHANGELOG.md config.yaml docs deploy dist/extra/man dist/extra/completions $$d/; rm -rf $$d/deploy/release $$d/docs/pictures; \
	  go run ./deploy/release licences $$d/latchkey $$d/LICENSES.txt; \
	  go run ./deploy/release sbom $$d/latchkey dist/$$n.cdx.json; \
	  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$$(git log -1 --format=%ct) --mode=u+rw,go+r,go-w -C dist -cf - $$n | gzip -n > dist/$$n.tar.gz; \
	  rm -rf $$d; done
	rm -rf dist/extra
	cd dist && sha256sum * > SHA256SUMS

deps: ## what the race detector, the pictures and the tests of PostgreSQL need, from Debian, when it is not there
	@need=(); command -v gcc >/dev/null || need+=(gcc libc6-dev); \
	command -v pdftotext >/dev/null || need+=(poppler-utils); \
	command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need+=(postgresql); \
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || need+=(chromium); \
	compgen -G '/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf' >/dev/null || need+=(fonts-liberation); \
	[ -e /usr/share/fonts/truetype/lato/Lato-Regular.ttf ] || need+=(fonts-lato); \
	[ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || need+=(fonts-noto-color-emoji); \
	[ "$${#need[@]}" = 0 ] || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -q && apt-get install -q -y --no-install-recommends "$${need[@]}"; } \
	  || { echo "the race detector needs a C compiler, the pictures a Chromium and its fonts, the prints a reader of PDF, the store a PostgreSQL: apt-get install $${need[*]}"; exit 1; }

# What is vetted is compiled as what is tested is, so that it is compiled once; debuggers' tables, which nobody reads here, aren't linked.
test: RACE = CGO_ENABLED=1
test: deps lint ## everything that must hold, with the race detector
	$(RACE) go test -race -vet=off -ldflags=-w -timeout 45m ./...

bench: ## the benchmarks, with their peers where those can be had (BENCH=-help says what can be chosen)
	go run ./bench $(BENCH)

torture: ## kill the bot KILLS times in a hostile world, while idle seats come back, and three on one PostgreSQL that has troubles of its own, and check every invariant; rebuild a store of 10,000 requests; change every byte of a record
	CGO_ENABLED=1 TORTURE_KILLS=$(KILLS) go test -count=1 -run '^TestTorture$$' -timeout 60m -v ./e2e
	TORTURE_KILLS=$(KILLS) go test -count=1 -run '^TestReclaimTorture$$' -timeout 60m -v ./e2e
	TORTURE_KILLS=$(KILLS) go test -count=1 -run '^TestReplicasTorture$$' -timeout 240m -v ./e2e
	RECOVER_REQUESTS=10000 go test -count=1 -run '^TestRecoverMany$$' -timeout 10m -v ./e2e
	RECOVER_MUTATIONS=all go test -count=1 -run '^TestMutations$$' -timeout 60m -v ./workflow/recovery

search: ## walk through each small world for SMALL states at most, through everything at once for STATES, and find every fault of the list
	SEARCH_STATES=$(SMALL) go test -count=1 -timeout 60m -v -run '^TestSmallWorlds$$' ./access/searchtest
	SEARCH_STATES=$(STATES) go test -count=1 -timeout 60m -v -run '^TestEverything$$' ./access/searchtest
	go test -count=1 -timeout 60m -v -skip '^(TestSmallWorlds|TestEverything)$$' ./access/searchtest
	go test -count=1 -run '^TestTheModel' -v ./workflow/engine

# Go spends up to a minute on making each input smaller that shows something new, which is most of the minute it was given.
fuzz: ## a minute of fuzzing for every parser
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do echo "$$p $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s -fuzzminimizetime 1s $$p || exit 1; done; done

pictures: deps ## what people see in Slack, drawn into docs/pictures, and the page of the demo, into docs/page
	rm -f docs/pictures/*.png
	go test -count=1 -run '^TestStories$$/^pictures$$' ./e2e -pictures "$(CURDIR)/docs/pictures"
	go test -count=1 -run '^TestPagePictures$$' ./cli -pictures "$(CURDIR)/docs/page"

demo: ## the tour
	go run . demo --tour
