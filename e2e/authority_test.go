package e2e

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/app"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/sandbox"
	"latchkey/sandbox/slack"
	"latchkey/store"
)

var updateAuthority = flag.Bool("update-authority", false, "rewrite testdata/authority.golden")

// TestAuthority has every kind of person do everything there is to do in Slack,
// and writes down what came of it: what was committed, or the sentence that
// refused it. A refusal changes nothing and is in the log; nothing is met with
// silence. The clicks are forged, so that it doesn't matter who sees which button.
func TestAuthority(t *testing.T) {
	a := newAuthority(t)
	var out strings.Builder
	for _, d := range authorityActs() {
		fmt.Fprintf(&out, "%s\n", d.name)
		said := map[string][]string{}
		var order []string
		a.pass(5 * time.Second)
		for _, p := range a.people {
			what := a.try(t, d, p)
			if said[what] == nil {
				order = append(order, what)
			}
			said[what] = append(said[what], p.kind)
		}
		for _, what := range order {
			fmt.Fprintf(&out, "    %-72s %s\n", strings.Join(said[what], ", "), what)
		}
	}
	path := filepath.Join("testdata", "authority.golden")
	if *updateAuthority {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s differs (run with -update-authority to accept):\n%s", path, diff)
	}
}

// kindOfPerson is somebody in the company, by what they are to the request.
type kindOfPerson struct{ kind, id string }

// authority is a bot that nobody works for: what people do is committed, and
// nothing comes of it. So every cell of the table is a moment of its own.
type authority struct {
	store   store.Store
	handler socket.Handler
	people  []kindOfPerson
	pass    func(time.Duration) // lets time go by, so that Slack takes more calls
	cells   int
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	config, err := exampleConfig()
	if err != nil {
		t.Fatal(err)
	}
	config.Catalog = authorityCatalog()
	config.Limits.Slack.ChannelBurst, config.Limits.Slack.PostsMinute = 1000, 100_000 // what is said to hundreds need not be spread out
	world, err := sandbox.Start(sandbox.Config{Groups: []string{"kit-plain", "kit-risky"}})
	if err != nil {
		t.Fatal(err)
	}
	config = app.Sandboxed(*config, world.Addresses(), filepath.Join(t.TempDir(), "authority.db"))
	a := &authority{people: cast(world), pass: func(d time.Duration) { world.Clock.Advance(d) }}
	latchkey, err := app.Open(t.Context(), config, app.Hooks{
		Clock: world.Clock, Logger: slog.New(slog.DiscardHandler),
		Store:   func(s store.Store) store.Store { a.store = s; return s },
		Handler: func(h socket.Handler) socket.Handler { a.handler = h; return h },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(latchkey.Close(), world.Close()); err != nil {
			t.Error(err)
		}
	})
	err = a.store.Update(t.Context(), func(tx store.Tx) error {
		for _, handle := range []string{"sam", "maya", "noor", "priya", "ines", "lena"} {
			if err := store.PutPerson(tx, &store.Known{Person: citizen(world, handle, world.Clock.Now().UTC())}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	readMemberships(t, a.store)
	return a
}

// cast are the people. Sam asks for Maya, whose manager is Noor; Priya owns the
// app and Ines is IT. The beneficiary of an emergency is Maya herself.
func cast(w *sandbox.World) []kindOfPerson {
	member := func(handle string) string {
		u, _ := w.Slack.UserByName(handle)
		return u.ID
	}
	odd := func(u slack.User) string { return w.Slack.AddUser(u).ID }
	return []kindOfPerson{
		{"requester", member("sam")},
		{"beneficiary", member("maya")},
		{"manager", member("noor")},
		{"owner", member("priya")},
		{"it", member("ines")},
		{"employee", member("lena")},
		{"guest", member("gus")},
		{"bot", odd(slack.User{Name: "deploybot", RealName: "Deploy", IsBot: true, Email: "deploy@acme.example"})},
		{"stranger", odd(slack.User{Name: "stan", RealName: "Stan", Email: "noor@acme.example", IsStranger: true})},
		{"deactivated", odd(slack.User{Name: "dora", RealName: "Dora", Email: "dora@acme.example", Deleted: true})},
		{"unknown", "U0NOBODY"},
	}
}

func authorityCatalog() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{time.Hour, 6 * time.Hour}, Default: time.Hour, Max: 24 * time.Hour}
	role := func(id string, g string) catalog.Role {
		return catalog.Role{ID: id, Name: id, Route: "two", Durations: hours, Risk: catalog.Low, BreakGlass: true, Extend: catalog.Extend{MaxTimes: 1, Reapprove: catalog.ReapproveNever},
			Groups: []catalog.GroupRef{{Directory: "okta", Group: g}}}
	}
	plain, risky := role("plain", "kit-plain"), role("risky", "kit-risky")
	plain.Reclaim = catalog.Reclaim{Idle: 20 * catalog.Day, Grace: 5 * catalog.Day, Restore: 10 * catalog.Day}
	risky.Assurance = catalog.Confirm
	return catalog.New([]catalog.App{{
		ID: "kit", Name: "Kit", Owners: []string{"priya@acme.example"}, Status: catalog.Approved, Provisioning: catalog.ByDirectory,
		Roles: []catalog.Role{plain, risky},
	}}, []catalog.Route{{Name: "two", Stages: []catalog.Stage{
		{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}}},
	}}}).WithReviews([]catalog.Review{authorityReview()})
}

// try lets one person do one thing to a request of its own, and says what came
// of it.
func (a *authority) try(t *testing.T, d authorityAct, p kindOfPerson) string {
	t.Helper()
	a.cells++
	s := d.situation(fmt.Sprintf("AR-CELL%04d", a.cells))
	a.put(t, &s)
	before := a.state(t, s.request.ID)
	seen := a.head(t)
	e := d.envelope(s.request.ID, p.id, a.cells)
	ack, err := a.handler.Handle(t.Context(), e)
	if err != nil {
		t.Fatalf("%s by %s: %v", d.name, p.kind, err)
	}
	refused, done := a.since(t, seen, p)
	switch after := a.state(t, s.request.ID); {
	case refused != "" && done != "":
		t.Errorf("%s by %s was refused (%s), but %s happened", d.name, p.kind, refused, done)
	case refused != "" && !cmp.Equal(before, after):
		t.Errorf("%s by %s was refused (%s), but changed something", d.name, p.kind, refused)
	case refused != "":
		return "refused: " + refused
	case done != "":
		return "allowed: " + done
	case strings.Contains(string(ack), `"errors"`):
		return "asked again: " + string(ack)
	}
	return "shown, changes nothing"
}

// put stores the nouns of a situation, and nothing else.
func (a *authority) put(t *testing.T, s *situation) {
	t.Helper()
	err := a.store.Update(t.Context(), func(tx store.Tx) error {
		for _, kind := range []string{"request", "grant", "reclaim", "campaign", "review_item", "worklist"} {
			old, err := tx.Find(kind, "", "", 100)
			if err != nil {
				return err
			}
			for _, r := range old {
				if err := tx.Delete(kind, r.ID); err != nil {
					return err
				}
			}
		}
		r := s.request
		if err := store.PutRequest(tx, &r); err != nil || s.grant == nil {
			return err
		}
		g := *s.grant
		if err := store.PutGrant(tx, &g); err != nil {
			return err
		}
		if s.review != nil {
			return s.review.put(tx)
		}
		if s.seat == nil {
			return nil
		}
		c := *s.seat
		return store.PutReclaim(tx, &c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// state is everything stored about a request.
func (a *authority) state(t *testing.T, id string) (out []any) {
	t.Helper()
	err := a.store.View(t.Context(), func(tx store.Tx) error {
		r, err := store.Request(tx, id)
		if err != nil {
			return err
		}
		out = []any{r}
		if g, err := store.Grant(tx, r.GrantID()); err == nil {
			out = append(out, g)
		}
		all, err := store.AllRequests(tx, "", 10_000)
		if err != nil {
			return err
		}
		seats, err := store.Reclaims(tx, "", 100)
		if err != nil {
			return err
		}
		reviews, err := reviewState(tx, id+"-RV")
		out = append(out, len(all), seats, reviews)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (a *authority) head(t *testing.T) (place uint64) {
	t.Helper()
	err := a.store.View(t.Context(), func(tx store.Tx) (err error) {
		place, err = tx.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// since is what the log says a person did, and was refused.
func (a *authority) since(t *testing.T, seen uint64, p kindOfPerson) (refused, done string) {
	t.Helper()
	var kinds []string
	err := a.store.View(t.Context(), func(tx store.Tx) error {
		all, err := store.Events(tx, store.Filter{}, seen, 100)
		for _, e := range all {
			switch {
			case e.Actor.Account != p.id && e.Kind == access.EventNote:
				t.Errorf("a refusal of somebody else is in the log: %+v", e)
			case e.Actor.Account != p.id:
			case e.Kind == access.EventNote:
				_, refused, _ = strings.Cut(e.Note, ": ")
			default:
				kinds = append(kinds, string(e.Kind))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return refused, strings.Join(slices.Compact(kinds), ", ")
}

// envelope is what Slack would send.
func envelope(kind string, payload any) socket.Envelope {
	raw, err := json.Marshal(payload)
	if err != nil {
		panic(err) // only maps of texts get here
	}
	return socket.Envelope{Type: kind, Payload: raw}
}
