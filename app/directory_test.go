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

// labConfig is the example with the lab in it, and what this takes: its folder, which
// is idptest here, and one line in the registry.
func labConfig(t *testing.T, vendor *idptest.Vendor) (*config.Config, registry) {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	with := backends()
	with.directories["test"] = directoryOf(idptest.Decode, vendor.Open) // the one line

	env := func(name string) (string, bool) { return "lab-token", name == "LAB_TOKEN" }
	c, err := config.Parse("config.yaml", []byte(lab.Replace(string(example))), env, with.decoders())
	if err != nil {
		t.Fatal(err)
	}
	return c, with
}

// TestAFurtherDirectory shows what a directory of another type takes.
func TestAFurtherDirectory(t *testing.T) {
	vendor := idptest.NewVendor("lab-1", clock.System{})
	c, with := labConfig(t, vendor)
	tell, _ := serveInSandbox(t, c, with)
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

// A directory whose token is dead, at a start and after it, holds up its own ends and
// nobody else's; when the token works again they are made up for.
func TestADeadDirectoryHoldsUpNoOther(t *testing.T) {
	vendor := idptest.NewVendor("lab-1", clock.System{})
	c, with := labConfig(t, vendor)
	tell, restart := serveInSandbox(t, c, with)
	group, maya := vendor.AddGroup("door-staff", idptest.Plain), vendor.AddPerson(idptest.Person{Email: sandbox.Email("maya")})
	do := func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			words, err := harness.Line(line)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tell.Do(t.Context(), words...); err != nil {
				t.Fatal(err)
			}
		}
	}
	do("slack maya '/access'", "slack maya submit app=doors role=staff for=6h reason=Samples", "slack noor click Approve", "jira IT-1 status Granted",
		"slack sam '/access'", "slack sam submit app=figma role=editor for=6h reason=Slides", "slack lena click Approve", "jira IT-2 status Granted",
		"okta token another")
	restart()
	do("channel '#it-access' 'The directory okta doesn''t work for Latchkey'", "clock +7h", "jira IT-1 status Closed", "okta has figma-editors sam")
	if vendor.IsMember(group, maya) {
		t.Error("the lab waits for Okta")
	}
	do("okta token "+tell.World.Addresses().OktaToken, "clock +3m", "! okta has figma-editors sam", "jira IT-2 status Closed")
}

// serveInSandbox runs Latchkey against a sandbox until the test ends, and gives what
// to start it anew with. Directories of types that the sandbox doesn't emulate stay
// as they are configured.
func serveInSandbox(t *testing.T, c *config.Config, with registry) (tell *harness.Harness, restart func()) {
	t.Helper()
	world, err := StartWorld(c, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	there := Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db"))
	start := func() (stop func() error) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() {
			done <- Serve(ctx, there, Hooks{Clock: world.Clock, Logger: slog.New(slog.DiscardHandler), backends: with})
		}()
		return func() error { cancel(); return <-done }
	}
	stop := start()
	t.Cleanup(func() {
		if err := errors.Join(stop(), world.Close()); err != nil {
			t.Error(err)
		}
	})
	return &harness.Harness{World: world}, func() {
		t.Helper()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		stop = start()
	}
}
