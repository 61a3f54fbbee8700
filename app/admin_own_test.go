package app

import (
	"context"
	"os"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// away takes the bots' sockets from this machine, so that a command is as one on another machine.
func away(t *testing.T, sockets []string) {
	t.Helper()
	if len(sockets) == 0 {
		t.Fatal("no bot answers")
	}
	for _, path := range sockets {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// A command on a machine without a bot says how many replicas do what it has written down, and asks the directories itself, or
// refuses: it doesn't say that nobody runs, and not that there is nothing where nobody looked.
func TestACommandBesideReplicasElsewhere(t *testing.T) {
	server := postgrestest.Start(t)
	c, hooks := inDatabase(t, server.Database(t))
	stop := served(t, c, hooks)
	away(t, socketsHere(c))
	replicas := func(open func(context.Context) (*AdminClient, error), want int) *AdminClient {
		t.Helper()
		admin, err := open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = admin.Close() })
		if admin.Running() || admin.Replicas() != want {
			t.Errorf("running %v, %d replicas, want %d", admin.Running(), admin.Replicas(), want)
		}
		return admin
	}
	looks := replicas(func(ctx context.Context) (*AdminClient, error) { return OpenAdmin(ctx, c) }, 1)
	refused := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "where the bot runs") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := looks.BirthrightPlan(t.Context(), "root")
	refused("birthrights", err)
	_, err = looks.ReclaimSummary(t.Context(), hooks.Clock.Now())
	refused("seats", err)
	refused("handing on", looks.HandOnReview(t.Context(), HandOn{Review: "CR-1", From: "a@acme.example", To: "b@acme.example"}, "root"))

	asks := replicas(func(ctx context.Context) (*AdminClient, error) { return OpenAsking(ctx, c) }, 1)
	if p, err := asks.BirthrightPlan(t.Context(), "root"); err != nil || p.Looked == 0 {
		t.Errorf("birthrights, asked: %+v, %v", p, err)
	}
	if sum, err := asks.ReclaimSummary(t.Context(), hooks.Clock.Now()); err != nil {
		t.Errorf("seats, asked: %+v, %v", sum, err)
	}
	if err := asks.HandOnReview(t.Context(), HandOn{Review: "CR-1", From: "a@acme.example", To: "b@acme.example"}, "root"); err == nil || strings.Contains(err.Error(), "where the bot runs") {
		t.Errorf("handing on, asked: %v", err)
	}
	without := *c
	without.MissingSecrets = []config.Fault{{Problem: "OKTA_TOKEN is not set"}}
	if _, err := OpenAsking(t.Context(), &without); err == nil || !strings.Contains(err.Error(), "run it on the machine of a bot") {
		t.Errorf("without secrets: %v", err)
	}
	stop()
	replicas(func(ctx context.Context) (*AdminClient, error) { return OpenAdmin(ctx, c) }, 0)
}

// A command that isn't told the address of the database asks the bot that it finds by the configuration, and otherwise works on no
// other database.
func TestACommandWithoutTheAddress(t *testing.T) {
	server := postgrestest.Start(t)
	c, hooks := inDatabase(t, server.Database(t))
	c.Path = t.TempDir() + "/config.yaml"
	stop := served(t, c, hooks)
	unsaid := *c
	unsaid.Store.Settings = postgres.Settings{}
	admin, err := OpenAdmin(t.Context(), &unsaid)
	if err != nil || !admin.Running() {
		t.Errorf("while a bot runs: %+v, %v", admin, err)
	}
	stop()
	if admin, err := OpenAdmin(t.Context(), &unsaid); err == nil || !strings.Contains(err.Error(), "store.dsn is empty") {
		t.Errorf("while none runs: %+v, %v", admin, err)
	}
}
