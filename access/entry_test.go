package access_test

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// sample is the entry of the format's published test vector.
func sample() access.Entry {
	return access.Entry{
		ID: "01934a5e-7c00-7abc-8def-0123456789ab", Subject: access.RequestSubject("R-AA"), Schema: 3,
		Body:    []byte(`{"At":"2026-11-20T09:14:01Z","Kind":"request.submitted"}`),
		Salt:    []byte("0123456789abcdef"),
		Private: []byte(`{"Reason":"need it for the release"}`),
	}
}

const (
	sampleLog  = "northwind.example/latchkey/7f3k9q2m/1"
	sampleLeaf = "YGYJmXl2jddHT7eCLUODoeuqZddzf1FYjuVJ6cD+7kc="
)

func chained(t *testing.T, e access.Entry, n uint64, prev access.Hash) access.Entry {
	t.Helper()
	e, err := e.Chain(sampleLog, n, prev)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The bytes and the hash of an entry are the format's, and never change.
func TestEntryTestVector(t *testing.T) {
	e := chained(t, sample(), 0, access.Hash{})
	want := strings.Join([]string{"latchkey/event/v1", sampleLog, "01934a5e-7c00-7abc-8def-0123456789ab", "request:R-AA", "1", "-", "3",
		"SIPl2OtAe2mjqwa06xqAYVTpKkIPh7/HCbvoLyiXELE=", "C3YXaGtgGqIBC6yeWN6q+JQ4hHp7ofYBgkrbLx7x4Fg=", ""}, "\n")
	if got := string(e.Lines()); got != want || len(got) != 202 {
		t.Errorf("lines of %d bytes:\n%s\nwant\n%s", len(got), got, want)
	}
	if e.Leaf.String() != sampleLeaf {
		t.Errorf("leaf %s, want %s", e.Leaf, sampleLeaf)
	}
}

func TestEveryChangeOfAnEntryIsSeen(t *testing.T) {
	first := chained(t, sample(), 0, access.Hash{})
	e := chained(t, sample(), first.N, first.Leaf)
	if err := e.Follows(first.N, first.Leaf); err != nil {
		t.Error(err)
	}
	if err := e.Verify(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*access.Entry){
		"id": func(e *access.Entry) { e.ID += "0" }, "log": func(e *access.Entry) { e.Log += "0" },
		"subject": func(e *access.Entry) { e.Subject = access.GrantSubject("R-AA") }, "number": func(e *access.Entry) { e.N++ },
		"prev": func(e *access.Entry) { e.Prev[3]++ }, "schema": func(e *access.Entry) { e.Schema++ },
		"body":      func(e *access.Entry) { e.Body = append([]byte(" "), e.Body...) },
		"salt":      func(e *access.Entry) { e.Salt = []byte("0123456789abcdeF") },
		"private":   func(e *access.Entry) { e.Private = []byte(`{}`) },
		"boundary":  func(e *access.Entry) { e.Salt, e.Private = e.Salt[:15], append([]byte("f"), e.Private...)[:20] },
		"taken out": func(e *access.Entry) { e.Private, e.Salt = nil, nil },
		"leaf":      func(e *access.Entry) { e.Leaf[0]++ },
		"two lines": func(e *access.Entry) { e.ID = "a\nb" },
	} {
		altered := e
		change(&altered)
		if altered.Verify() == nil {
			t.Errorf("a changed %s went unseen", name)
		}
	}
	for _, other := range []struct {
		n    uint64
		prev access.Hash
	}{{0, access.Hash{}}, {1, access.Hash{}}, {2, first.Leaf}} {
		if e.Follows(other.n, other.prev) == nil {
			t.Errorf("number 2 passes as the one after %d, %s", other.n, other.prev)
		}
	}
}

// What was erased is gone, and nothing else is: the chain still holds.
func TestErasedEntryVerifies(t *testing.T) {
	e := chained(t, sample(), 0, access.Hash{}).Erase()
	if len(e.Private)+len(e.Salt) > 0 || e.Leaf.String() != sampleLeaf {
		t.Errorf("erased it is %+v", e)
	}
	if err := e.Verify(); err != nil {
		t.Error(err)
	}
	if twice := e.Erase(); twice.Erased != e.Erased || twice.Verify() != nil {
		t.Errorf("erased twice it is %+v", twice)
	}
	e.Private = []byte(`{"Reason":"another"}`)
	if e.Verify() == nil {
		t.Error("a private part that came back went unseen")
	}
}

func TestEntryThatCannotBeWritten(t *testing.T) {
	for name, spoil := range map[string]func(*access.Entry){
		"id": func(e *access.Entry) { e.ID = "" }, "lines": func(e *access.Entry) { e.ID = "a\nb" },
		"subject": func(e *access.Entry) { e.Subject = access.Subject{} },
		"split":   func(e *access.Entry) { e.Subject.ID = "R\n2" },
	} {
		e := sample()
		spoil(&e)
		if _, err := e.Chain(sampleLog, 0, access.Hash{}); err == nil {
			t.Errorf("%s: it was chained", name)
		}
	}
	if _, err := sample().Chain("", 0, access.Hash{}); err == nil {
		t.Error("it was chained in a log without a name")
	}
}

func TestSubjectText(t *testing.T) {
	for _, s := range []access.Subject{access.RequestSubject("AR-1"), access.GrantSubject("G-A:1"), access.LogSubject(), {}} {
		text, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back access.Subject
		if err := back.UnmarshalText(text); err != nil || back != s {
			t.Errorf("%q came back as %v, %v", text, back, err)
		}
	}
	for _, text := range []string{"request", ":R-1", "request:R\n1"} {
		if s, err := access.ParseSubject(text); err == nil {
			t.Errorf("%q passes as %v", text, s)
		}
	}
}

// everything is an event in which every field says something.
func everything() access.Event {
	return access.Event{
		At: at.Add(123456789), Kind: access.EventSubmitted, Request: "AR-1", Grant: "G-1", Person: "p1", App: "crm", Role: "admin",
		Actor: access.Actor{Person: "p2", Via: access.ViaSlack, Account: "U1", On: access.OnCard},
		Stage: 2, Approvers: []access.PersonID{"p3", "p4"}, Also: []access.PersonID{"p4"}, Standby: []access.PersonID{"p5"}, Delegates: []access.Delegate{{Who: "p4", For: "p3"}}, For: "p3", Unread: []string{"who is on call"}, Unfound: []string{"zoe@acme.test"}, Lacks: []string{"okta"}, Answer: access.EventDenied, Reused: true, Basis: &access.Basis{Source: catalog.GroupOf, Group: &group, Directory: "okta", Name: "platform", Backup: true}, SignedIn: &access.SignedIn{Directory: "okta", Account: "00u1", At: at, Level: "phr", Methods: []string{"mfa"}, ByCode: true}, Checked: "later", Reason: "<on-call> & “curious” \U0001f5dd\u2028", Wanted: time.Hour,
		From: at.Add(time.Minute), Until: at.Add(time.Hour), End: access.EndReturned, Direction: access.Revoking, Group: &group, Before: true, Issue: &access.Issue{ID: "1", Key: "IT-1", URL: "https://x"},
		Origin: "D1/17", Note: "a\x01b", Groups: []catalog.GroupRef{group}, Manual: true, Birthright: "design", Missing: 7, Wait: &access.FollowUp{Since: at, Told: 1, Next: at.Add(time.Hour), Last: at.Add(time.Minute), Of: 2},
		Opening: &access.Opening{Requester: "p2", Route: "manager", Catalog: "0123456789ab", Extends: "G-0", BreakGlass: true, StepUp: true, Distinct: true,
			Stages: []catalog.Stage{
				{Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Named, Person: "grace@acme.test"}}, Need: catalog.Need{AtLeast: 2}},
				{Approvers: []catalog.Approver{{Kind: catalog.GroupOf, Group: group}}, Need: catalog.Need{All: true}, Backups: []catalog.Approver{{Kind: catalog.SlackUserGroup, Name: "S0123ABCD"}, {Kind: catalog.Named, Person: "omar@acme.test"}}},
				{Approvers: []catalog.Approver{{Kind: catalog.OnCall, Name: "platform"}, {Kind: catalog.SecondManager}, {Kind: catalog.RoleApprover}}},
			},
			Skipped: []catalog.Approver{{Kind: catalog.Named, Person: "ines@acme.test"}, {Kind: catalog.Owner}},
			Starts:  at.Add(2 * time.Hour), Lapses: at.Add(time.Hour), Conversation: "https://slack/1", Unlisted: "Miro", Incident: "INC-1"},
		Review: &access.ReviewDetails{Row: 7, Decision: access.DecisionRevoke, Grounds: access.ByAnswers, Took: time.Second, Bulk: true, Recommended: access.RecommendRevoke, Outcome: access.OutcomeGone, Ends: []string{"G-2"},
			Reviewers: []access.PersonID{"p6"}, From: "p6", To: "p7", Beside: true, Snapshot: "S1", Hash: "00", Counts: &access.RowCounts{Rows: 1}, Unproven: []string{"okta:crm: 3 of 4"},
			Definition: &catalog.Review{ID: "q", Name: "Quarter", Scope: catalog.ReviewScope{People: []string{"zoe@acme.test"}}}, Run: 2, Occasion: access.OnMoved, Due: at.Add(time.Hour), Remind: at.Add(time.Minute)},
		Reclaim: &access.ReclaimDetails{Seen: &access.Idleness{Last: at, Source: "sign-ins", By: catalog.AppSignIn, Reach: at, Since: at, Read: at, Complete: at}, Rule: &access.ReclaimRule{Threshold: time.Hour, Grace: time.Minute}, Grants: []string{"G-1"}, Ends: []string{"G-1"}, Gives: "GL-1", Outcome: access.ReclaimGone},
		People:  map[access.PersonID]access.Identity{"p2": {Email: "noor@acme.test", Name: "Noor", Bindings: []access.Binding{{System: "slack", ID: "U1", Level: access.AssuranceFirst, How: "the record says so", Since: time.UnixMilli(1)}}}},
	}
}

func encoded(t *testing.T, e access.Event) access.Entry {
	t.Helper()
	entry, err := e.Encode(access.Seed{1, 2, 3, 25: 9})
	if err != nil {
		t.Fatal(err)
	}
	return chained(t, entry, 0, access.Hash{})
}

func decoded(t *testing.T, entry access.Entry) access.Event {
	t.Helper()
	e, err := entry.Event()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEventComesBackFromItsEntry(t *testing.T) {
	e := everything()
	entry := encoded(t, e)
	if diff := cmp.Diff(e.As(entry), decoded(t, entry)); diff != "" {
		t.Errorf("it came back differently:\n%s", diff)
	}
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		if f := v.Type().Field(i).Name; v.Field(i).IsZero() && !slices.Contains([]string{"ID", "Subject", "N", "Prev", "Leaf", "Place", "Schema", "Erased", "Chase"}, f) {
			t.Errorf("the test says nothing about the field %s", f)
		}
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(entry.ID) {
		t.Errorf("the id %s is no UUID of version 7", entry.ID)
	}
}

func TestABareEventHasWhatItsBodySays(t *testing.T) {
	e := everything()
	entry := encoded(t, e)
	bare, err := entry.Bare()
	if err != nil {
		t.Fatal(err)
	}
	want := e.As(entry)
	want.Opening, want.People, want.Actor.Account = nil, nil, ""
	signedIn := *want.SignedIn
	signedIn.Account = ""
	want.SignedIn = &signedIn
	review := *want.Review
	review.Definition, review.Unproven = nil, nil
	want.Review = &review
	want.Reason, want.Note, want.Origin, want.Unfound = "", "", "", []string{access.Unnamed}
	if diff := cmp.Diff(want, bare); diff != "" {
		t.Errorf("it is otherwise:\n%s", diff)
	}
	entry.Body = []byte("{")
	if _, err := entry.Bare(); err == nil {
		t.Error("a body that can't be read passes")
	}
}

// What names or quotes people is in the private part only.
func TestBodyNamesNobody(t *testing.T) {
	entry := encoded(t, everything())
	for _, text := range []string{"U1", "curious", "D1/17", `a\u0001b`, "slack/1", "Miro", "INC-1", "noor@acme.test", "Noor", "grace@acme.test", "ines@acme.test", "zoe@acme.test"} {
		if strings.Contains(string(entry.Body), text) || !strings.Contains(string(entry.Private), text) {
			t.Errorf("%q is not in the private part alone: %s\n%s", text, entry.Body, entry.Private)
		}
	}
	e := decoded(t, entry.Erase())
	if !e.Erased || e.Reason != "" || e.Kind != access.EventSubmitted || e.Opening.Requester != "p2" {
		t.Errorf("erased it reads %+v", e)
	}
	if o := e.Opening; len(o.Stages[0].Approvers) != 1 || o.Stages[0].Need.AtLeast != 2 || len(o.Stages[1].Approvers) != 1 || len(o.Skipped) != 1 {
		t.Errorf("erased it was to be asked of %+v, and skipped %+v", o.Stages, o.Skipped)
	}
}

func TestSubjectOfAnEvent(t *testing.T) {
	for want, e := range map[access.Subject]access.Event{
		access.RequestSubject("AR-1"): {Request: "AR-1", Grant: "G-1"}, access.GrantSubject("G-F1"): {Grant: "G-F1"},
		access.LogSubject(): {Person: "p1"}, {Kind: "reconcile", ID: "1"}: {Subject: access.Subject{Kind: "reconcile", ID: "1"}, Grant: "G-1"},
	} {
		e.At, e.Kind = at, access.EventNote
		back := decoded(t, encoded(t, e))
		if back.Subject != want || back.Request != e.Request || back.Grant != e.Grant || back.Person != e.Person {
			t.Errorf("of %s came back %+v", want, back)
		}
	}
	if entry := encoded(t, access.Event{At: at, Kind: access.EventNote}); len(entry.Private)+len(entry.Salt) > 0 {
		t.Errorf("there is a private part without contents: %+v", entry)
	}
}

// A version that knows less verifies what a later one has written, and does
// nothing because of it.
func TestEventOfANewerVersion(t *testing.T) {
	entry := encoded(t, everything())
	entry.Body = append([]byte(`{"Invented":[1.50,"<"],`), entry.Body[1:]...)
	field := chained(t, entry, 0, access.Hash{})
	if e := decoded(t, field); field.Verify() != nil || e.Newer() || e.App != "crm" {
		t.Errorf("with a field that is unknown it reads %+v", e)
	}
	entry.Schema, entry.Body = 2, []byte(`{"At":7,"Kind":"request.approved"}`)
	newer := chained(t, entry, 0, access.Hash{})
	e := decoded(t, newer)
	if newer.Verify() != nil || !e.Newer() || e.ID != entry.ID || e.Reason != "" {
		t.Errorf("of a newer schema it reads %+v", e)
	}
	if _, _, err := requestIn(access.RequestPending).Apply(e, at); !errors.Is(err, access.ErrNewerEvent) {
		t.Errorf("applied to a request: %v", err)
	}
	if _, _, err := grantIn(access.GrantActive, false).Apply(e, at); !errors.Is(err, access.ErrNewerEvent) {
		t.Errorf("applied to a grant: %v", err)
	}
}

func TestHashText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := access.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		if back, err := access.ParseHash(h.String()); err != nil || back != h {
			t.Fatalf("%s came back as %s, %v", h, back, err)
		}
		text, err := h.MarshalText()
		var back access.Hash
		if err == nil {
			err = back.UnmarshalText(text)
		}
		if err != nil || back != h {
			t.Fatalf("%q came back as %s, %v", text, back, err)
		}
	})
	none := access.Hash{7}
	if err := none.UnmarshalText(nil); err != nil || none != (access.Hash{}) || none.String() != "-" {
		t.Errorf("no hash is %s, %v", none, err)
	}
	for _, text := range []string{"", "AAAA", sampleLeaf + "=", sampleLeaf[:43] + "!", strings.Replace(sampleLeaf, "7kc=", "7kd=", 1)} {
		if h, err := access.ParseHash(text); err == nil {
			t.Errorf("%q passes as %s", text, h)
		}
	}
}

// One entry that means nothing keeps the whole run from being read, rather than
// being left out of it.
func TestEventsOfADamagedRun(t *testing.T) {
	good := encoded(t, everything())
	bad := good
	bad.Body = []byte("{")
	if events, err := access.Events([]access.Entry{good, bad}); err == nil || events != nil {
		t.Errorf("read %d events, %v", len(events), err)
	}
	bad = good
	bad.Private = []byte("{")
	if _, err := bad.Event(); err == nil || !strings.Contains(err.Error(), "private part") {
		t.Errorf("a damaged private part: %v", err)
	}
	bad.Schema = 0
	if _, err := bad.Event(); err == nil || !strings.Contains(err.Error(), "not written by Latchkey") {
		t.Errorf("no schema: %v", err)
	}
}
