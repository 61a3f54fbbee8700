package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// anInfo is of a binary with a module that stands in another one's place.
func anInfo() *buildinfo.BuildInfo {
	return &buildinfo.BuildInfo{
		GoVersion: "go1.26.8", Main: debug.Module{Path: "latchkey", Version: "v1.2.3"},
		Deps: []*debug.Module{
			{Path: "go.etcd.io/bbolt", Version: "v1.5.0", Sum: "h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
			{Path: "example.com/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0+incompatible"}},
		},
	}
}

func TestTheBillNamesEveryModule(t *testing.T) {
	text, err := bom(anInfo())
	if err != nil {
		t.Fatal(err)
	}
	var got bill
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, c := range got.Components {
		urls = append(urls, c.PURL)
	}
	if want := "pkg:golang/std@1.26.8 pkg:golang/go.etcd.io/bbolt@v1.5.0 pkg:golang/example.com/new@v2.0.0+incompatible"; strings.Join(urls, " ") != want {
		t.Errorf("it names %v", urls)
	}
	if got.Format != "CycloneDX" || got.Spec != "1.6" || got.Metadata.Component.PURL != "pkg:golang/latchkey@v1.2.3" {
		t.Errorf("it is %+v", got)
	}
	if h := got.Components[1].Hashes; len(h) != 1 || h[0].Content != "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" {
		t.Errorf("the hash is %+v", h)
	}
	again, err := bom(anInfo())
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("made again it is another one (%v)", err)
	}
}

// This test's own binary is one that says what it was built from, and everything in it may be handed on.
func TestEverythingHasALicence(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "licences.txt")
	if err := run([]string{"licences", self, out}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go.etcd.io/bbolt v", "github.com/slack-go/slack v", "github.com/okta/okta-sdk-golang/v2 v", "github.com/andygrunwald/go-jira v", "\ngo1."} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("it doesn't name %q", want)
		}
	}
}

func TestWhatHasNoLicenceIsNotHandedOn(t *testing.T) {
	if err := writeLicence(&bytes.Buffer{}, "example.com/none v1.0.0", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no licence") {
		t.Errorf("it says %v", err)
	}
}

func TestManPagesAndCompletions(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1764460800")
	dir := t.TempDir()
	if err := run([]string{"man", filepath.Join(dir, "man")}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "man", "latchkey.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"Nov 2025"`, "latchkey-run(1)", "latchkey-health(1)", "Exit status: 0 done"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("latchkey.1 doesn't have %s", want)
		}
	}
	page, err = os.ReadFile(filepath.Join(dir, "man", "latchkey-init.1"))
	if err != nil || !bytes.Contains(page, []byte(".EX\nslack-manifest.yaml   the Slack app")) || !bytes.Contains(page, []byte(`.TH "LATCHKEY-INIT"`)) {
		t.Errorf("a list of the help runs together, or the page has another's name: %.900s, %v", page, err)
	}
	if err := run([]string{"completions", filepath.Join(dir, "completions")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"latchkey.bash", "_latchkey", "latchkey.fish"} {
		if text, err := os.ReadFile(filepath.Join(dir, "completions", name)); err != nil || !bytes.Contains(text, []byte("latchkey")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"man"}, {"sbom", "x"}, {"paint", "x"}} {
		if err := run(args); err != errUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := run([]string{"sbom", "main.go", filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("a file that was not built is described")
	}
}
