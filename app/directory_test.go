package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/idp/idptest"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

// lab is what is added to config.yaml: a directory of a further type, and an app
// whose group is there. People are still found in Okta.
var lab = strings.NewReplacer(
	"\nstore:\n", "  - {id: lab, type: test, vendor: lab-1, token: \"${LAB_TOKEN}\"}\n\nstore:\n",
	"\napps:\n", "\napps:\n  - id: doors\n    name: Lab doors\n    owners: [noor@acme.example]\n    route: owner\n    duration: {choices: [6h]}\n"+
		"    roles:\n      - {id: staff, name: Staff, groups: [\"lab:door-staff\"]}\n",
)

// TestAFurtherDirectory shows what a directory of another type takes: its folder,
// which is idptest here, and one line in the registry.
func TestAFurtherDirectory(t *testing.T) {
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	vendor := idptest.NewVendor("lab-1", clock.System{})

	with := backends()
	with.directories["test"] = directoryOf(idptest.Decode, vendor.Open) // the one line

	env := func(name string) (string, bool) { return "lab-token", name == "LAB_TOKEN" }
	c, err := config.Parse("config.yaml", []byte(lab.Replace(string(example))), env, with.decoders())
	if err != nil {
		t.Fatal(err)
	}
	tell := serveInSandbox(t, c, with)
	group, maya := vendor.AddGroup("door-staff", idptest.Plain), vendor.AddPerson(idptest.Person{Email: sandbox.Email("maya")})

	do := func(words ...string) {
		t.Helper()
		if _, err := tell.Do(t.Context(), words...); err != nil {
			t.Fatal(err)
		}
	}
	do("slack", "maya", "/access")
	do("slack", "maya", "submit", "app=doors", "role=staff", "for=6h", "reason=Measure the samples")
	do("slack", "noor", "click", "Approve")
	do("jira", "IT-1", "status", "Granted")
	do("jira", "IT-1", "internal", "Read back: is a member")
	if !vendor.IsMember(group, maya) {
		t.Error("she is not in the group")
	}
	do("clock", "+6h")
	do("jira", "IT-1", "status", "Closed")
	if vendor.IsMember(group, maya) {
		t.Error("she is still in the group")
	}
}

// serveInSandbox runs Latchkey against a sandbox until the test ends. Directories
// of types that the sandbox doesn't emulate stay as they are configured.
func serveInSandbox(t *testing.T, c *config.Config, with registry) *harness.Harness {
	t.Helper()
	world, err := StartWorld(c, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	there := Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db"))
	for i, d := range c.IDP {
		if d.Type != "okta" {
			there.IDP[i] = d
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Serve(ctx, there, Hooks{Clock: world.Clock, Logger: slog.New(slog.DiscardHandler), backends: with})
	}()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, world.Close()); err != nil {
			t.Error(err)
		}
	})
	return &harness.Harness{World: world}
}
