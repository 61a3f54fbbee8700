package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// jira is an inbox over a store, with Jira and the doors of requests as lists: what
// is there, and what was done.
type jira struct {
	*testing.T
	*Service
	store store.Store
	now   time.Time

	changed  []access.IssueSnapshot          // what Changes tells
	issues   map[string]access.IssueSnapshot // what Look tells, by id
	since    []time.Time                     // what Changes was asked for
	done     []string                        // what came through the doors
	refusals map[string]error                // by what is done
	broken   error                           // of Jira
}

func open(t *testing.T) *jira {
	t.Helper()
	s := bolttest.Open(t)
	j := &jira{T: t, store: storetest.Twice(s), now: noon(), issues: map[string]access.IssueSnapshot{}, refusals: map[string]error{}}
	j.Service = reading(j, j.store, "test")
	return j
}

// reading is an inbox of one process.
func reading(j *jira, s store.Store, owner string) *Service {
	nothing := func(*engine.Unit, access.Event, access.Effect) error { return nil }
	units := engine.NewUnits(engine.UnitsConfig{Store: s, Clock: j, Owner: owner, Catalog: offer, Effects: map[access.EffectKind]engine.EffectFunc{
		access.EffectRecord: ledger.Effects()[access.EffectRecord], access.EffectTell: nothing,
	}})
	return New(Config{
		Trust: func() note.Trust { return keys.Trust },
		Units: units, Logger: slog.New(slog.DiscardHandler), Clock: j, Catalog: offer, Source: j, Requests: doors{j}, Cases: j, People: j,
		Poll: time.Minute, Decides: true, Link: "https://slack.example/bot",
	})
}

// The clock, on which nobody waits for long.

func (j *jira) Now() time.Time { return j.now }

func (j *jira) Until(time.Time) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	c <- struct{}{}
	return c, func() {}
}

// Jira.

func (j *jira) Changes(_ context.Context, since time.Time, known func(string, time.Time) bool) ([]access.IssueSnapshot, error) {
	j.since = append(j.since, since)
	fresh := slices.DeleteFunc(slices.Clone(j.changed), func(si access.IssueSnapshot) bool { return known(si.Issue.ID, si.Updated) })
	for i := range fresh {
		fresh[i].Read = j.now
	}
	return fresh, j.broken
}

func (j *jira) Look(_ context.Context, issues []access.Issue) (out []access.IssueSnapshot, err error) {
	for _, is := range issues {
		seen, there := j.issues[is.ID]
		if !there {
			seen = access.IssueSnapshot{Issue: is, Gone: true}
		}
		out = append(out, seen)
	}
	return out, j.broken
}

// The people, and cases without them.

func (j *jira) Holder(_ context.Context, a access.Account) (access.Person, error) {
	handle, ours := strings.CutPrefix(a.ID, "acc-")
	if !ours {
		return access.Person{}, access.Refuse(access.Unknown, "", "Nobody knows that account.")
	}
	return access.Person{ID: access.PersonID(handle), Name: a.Name}, nil
}

func (j *jira) Hinted(_ context.Context, a access.Account) access.PersonID {
	handle, _, _ := strings.Cut(string(a.Email), "@")
	return access.PersonID(handle)
}

// Prove takes the codes that begin like LK-MAYA2: they are Maya's.
func (j *jira) Prove(_ context.Context, p people.Proof) (access.PersonID, error) {
	j.done = append(j.done, p.Account.ID+" proves "+p.Code)
	if !strings.HasPrefix(p.Code, "LK-MAYA2") {
		return "", access.Refuse(access.Unknown, "", "I don't know this code.")
	}
	return "maya", nil
}

func (j *jira) Whose(context.Context, string, string) (access.PersonID, error) { return "", nil }

func (j *jira) Case(ctx context.Context, id string) (c access.Case, err error) {
	err = j.store.View(ctx, func(tx store.Tx) error {
		r, err := store.Request(tx, id)
		if err == nil {
			c, err = query.CaseIn(tx, offer(), r)
		}
		return err
	})
	return c, err
}

// doors are where people's acts come in.
type doors struct{ *jira }

func (d doors) act(what, request string, by access.Actor, more ...string) error {
	d.done = append(d.done, strings.TrimSpace(fmt.Sprint(by.Person, " ", what, " ", request, " ", strings.Join(more, " "))))
	return d.refusals[what]
}

func (d doors) Submit(_ context.Context, sub requests.Submission) (access.Request, error) {
	return access.Request{}, d.act("submits", sub.ID, access.Actor{Person: sub.By.ID}, sub.App, sub.Role, sub.Issue.Key)
}

func (d doors) Decide(_ context.Context, dec requests.Decision) (access.Request, error) {
	if err := d.act(map[bool]string{true: "approves", false: "denies"}[dec.Yes], dec.Request, dec.By, dec.Reason); err != nil {
		return access.Request{}, err
	}
	return access.Request{}, d.move(dec.Request, func(r *access.Request) {
		r.State = map[bool]access.RequestState{true: access.RequestApproved, false: access.RequestDenied}[dec.Yes]
	})
}

func (d doors) Cancel(_ context.Context, request string, by access.Actor) error {
	return d.act("cancels", request, by)
}

func (d doors) Fulfil(_ context.Context, request string, _ access.Direction, by access.Actor) error {
	return d.act("fulfils", request, by)
}

func (d doors) CantFulfil(_ context.Context, request string, _ access.Direction, reason string, by access.Actor) error {
	return d.act("can't fulfil", request, by, reason)
}

// move changes the request.
func (j *jira) move(id string, change func(*access.Request)) error {
	return j.store.Update(j.Context(), func(tx store.Tx) error {
		r, err := store.Request(tx, id)
		if err != nil {
			return err
		}
		change(&r)
		return store.PutRequest(tx, &r)
	})
}

// asked puts a waiting request with its issue into the store, which was recorded.
func (j *jira) asked() access.IssueSnapshot {
	j.Helper()
	r := waiting().Case.Request
	r.Created = noon().Add(-time.Hour)
	var e access.Event
	err := j.store.Update(j.Context(), func(tx store.Tx) (err error) {
		r := r
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
		e, err = store.Append(tx, access.Event{Kind: access.EventSubmitted, At: r.Created, Request: r.ID})
		return err
	})
	if err != nil {
		j.Fatal(err)
	}
	seen := waiting().Seen
	seen.State = stateOn(seen.Issue.ID, r.ID, e.N, e.Leaf)
	j.issues[seen.Issue.ID] = seen
	return seen
}

// look has an issue dealt with.
func (j *jira) look(seen access.IssueSnapshot) {
	j.Helper()
	if err := j.take(j.Context(), seen); err != nil {
		j.Fatal(err)
	}
}

// story is what happened since the request was made, as kinds and notes.
func (j *jira) story() (out []string) {
	j.Helper()
	c, err := j.Case(j.Context(), "AR-1")
	if err != nil {
		j.Fatal(err)
	}
	for _, e := range c.Story[1:] {
		words := []string{string(e.Kind), string(e.Actor.Person), e.Reason, e.Note}
		out = append(out, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
	}
	return out
}

// tasks are the ids of what waits to be done.
func (j *jira) tasks(prefix string) (out []string) {
	j.Helper()
	err := j.store.View(j.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks(store.Ready, 0, 1000)
		for _, t := range all {
			if strings.HasPrefix(t.ID, prefix) {
				out = append(out, t.ID)
			}
		}
		return err
	})
	if err != nil {
		j.Fatal(err)
	}
	return out
}

func (j *jira) equal(what string, got, want []string) {
	j.Helper()
	if !slices.Equal(got, want) {
		j.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func (j *jira) read() store.IssueCursor {
	j.Helper()
	c, err := j.cursor(j.Context(), "10001")
	if err != nil {
		j.Fatal(err)
	}
	return c
}

// offer is the catalogue.
func offer() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour, 30 * catalog.Day}, Default: 30 * catalog.Day, Max: 180 * catalog.Day}
	role := func(id, name string) catalog.Role { return catalog.Role{ID: id, Name: name, Durations: hours} }
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Tags: []string{"design"}, Roles: []catalog.Role{role("editor", "Editor"), role("viewer", "Viewer")}},
		{ID: "miro", Name: "Miro", Status: catalog.Approved, Roles: []catalog.Role{role("member", "Member")}},
		{ID: "github", Name: "GitHub", Status: catalog.Approved, Roles: []catalog.Role{role("read", "Read")}},
	}, nil)
}
