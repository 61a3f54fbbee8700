package people_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// beyond is a user group and a schedule.
type beyond struct {
	group  []string
	called []string
	broken error
	live   []bool // whether the schedule was to be asked anew
}

func (b *beyond) UserGroup(context.Context, string) ([]string, error) { return b.group, b.broken }

func (b *beyond) UserGroupCalled(context.Context, string) string { return "@platform" }

func (b *beyond) OnCall(_ context.Context, _ string, anew bool) ([]string, error) {
	b.live = append(b.live, anew)
	return b.called, b.broken
}

func outside(t *testing.T) (*world, *beyond) {
	b := &beyond{}
	return familiar(t, func(c *people.Config) { c.UserGroups, c.OnCalls = b, b }), b
}

// asking is a request whose stage asks those sources.
func asking(t *testing.T, who access.PersonID, sources ...string) access.Request {
	t.Helper()
	r := request(who, "")
	for _, text := range sources {
		a, err := catalog.ParseApprover(text)
		if err != nil {
			t.Fatal(err)
		}
		r.Stages[0].Sources = append(r.Stages[0].Sources, a)
	}
	return r
}

func silence(class access.Class) error {
	return &access.Failure{Class: class, Sentence: "It can't be read"}
}

func TestWhoIsInAUserGroupOrOnCallDecides(t *testing.T) {
	w, b := outside(t)
	b.group = []string{"U-grace", "U-maya", "U-nobody"}
	b.called = []string{"Omar@acme.example", "U-grace", "nobody@acme.example"}
	for source, want := range map[string][]access.PersonID{"slack:S0PLATFORM": {grace}, "oncall:platform": {omar, grace}} {
		r := asking(t, maya, source)
		found, err := w.Deciders(t.Context(), r)
		if err != nil || !slices.Equal(found.Who, want) || len(found.Unfound) != 1 || found.Why != "" {
			t.Errorf("%s: %+v, %v", source, found, err)
		}
		for _, who := range []access.PersonID{grace, noor} {
			now, err := w.Established(t.Context(), r, by(who))
			if err != nil || slices.Contains(now.Who, who) != (who == grace) {
				t.Errorf("%s: at the click of %s: %+v, %v", source, who, now.Found, err)
			}
		}
	}
	if !slices.Contains(b.live, true) || b.live[0] {
		t.Errorf("the schedule was asked anew: %v", b.live)
	}
}

// A source that can't be read is unknown. For two minutes it is tried again; then others
// stand in, and it is said. What somebody answers who may be in it is an error until it is known.
func TestWhatCannotBeReadIsUnknown(t *testing.T) {
	for _, source := range []string{"slack:S0PLATFORM", "oncall:platform"} {
		w, b := outside(t)
		r := asking(t, maya, source)
		b.broken = silence(access.Transient)
		if found, err := w.Deciders(t.Context(), r); access.Classify(err).Class != access.Limited || len(found.Who) > 0 {
			t.Errorf("%s: at first: %+v, %v", source, found, err)
		}
		w.pass(3 * time.Minute)
		found, err := w.Deciders(t.Context(), r)
		if err != nil || !slices.Equal(found.Who, []access.PersonID{noor}) || len(found.Unread) != 1 || !strings.Contains(found.Why, "can't be read at the moment. In their place: the owners of Figma.") {
			t.Errorf("%s: later: %+v, %v", source, found, err)
		}
		if len(w.told) == 0 || !strings.Contains(w.told[0], "It can't be read who approves: It can't be read. Until it can") {
			t.Errorf("%s: IT was told %q", source, w.told)
		}
		if now, err := w.Established(t.Context(), r, by(grace)); !people.Unread(err) {
			t.Errorf("%s: it is known whether grace may: %+v, %v", source, now.Found, err)
		}
		if now, err := w.Established(t.Context(), r, by(noor)); err != nil || !slices.Contains(now.Who, noor) {
			t.Errorf("%s: who stands in: %+v, %v", source, now.Found, err)
		}
		b.broken = nil
		b.group, b.called = []string{"U-grace"}, []string{"U-grace"}
		if now, err := w.Established(t.Context(), r, by(noor)); err != nil || slices.Contains(now.Who, noor) {
			t.Errorf("%s: who stood in, once it can be read: %+v, %v", source, now.Found, err)
		}
		b.broken = silence(access.Denied)
		if _, err := w.Deciders(t.Context(), r); err == nil {
			t.Errorf("%s: it was read in between, so it is tried again first", source)
		}
		b.broken = silence(access.Rejected)
		if found, err := w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Who, []access.PersonID{noor}) {
			t.Errorf("%s: it isn't there: %+v, %v", source, found, err)
		}
		if now, err := w.Established(t.Context(), r, by(grace)); err != nil || slices.Contains(now.Who, grace) {
			t.Errorf("%s: it isn't there, and grace answers: %+v, %v", source, now.Found, err)
		}
	}
}

// Others whom the stage names are asked beside a source that can't be read; where all have to
// agree, the stage isn't complete without it.
func TestOthersAreAskedBesideWhatCannotBeRead(t *testing.T) {
	w, b := outside(t)
	b.broken = silence(access.Rejected)
	r := asking(t, maya, "manager", "oncall:platform")
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Who, []access.PersonID{noor}) || found.Why != "" || len(found.Unread) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	r.Stages[0].Need.All = true
	r.Stages[0].Asked = []access.PersonID{noor}
	now, err := w.Established(t.Context(), r, by(noor))
	if err != nil || len(now.Unread) != 1 {
		t.Fatalf("%+v, %v", now.Found, err)
	}
	e := r.Event(access.EventApproved, by(noor), w.Now())
	e.Approvers, e.Unread = now.Who, now.Unread
	if next, _, err := r.Apply(e, w.Now()); err != nil || next.State != access.RequestPending {
		t.Errorf("all have agreed, though not all are known: %s, %v", next.State, err)
	}
}

func TestBackupsMayDecideAndAreNotAsked(t *testing.T) {
	w, b := outside(t)
	b.called = []string{"U-omar", "U-noor"}
	r := asking(t, maya, "manager")
	r.Stages[0].Backups = []catalog.Approver{{Kind: catalog.OnCall, Name: "platform"}, {Kind: catalog.Named, Person: "maya@acme.example"}}
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Asked(), []access.PersonID{noor}) || !slices.Equal(found.Standby, []access.PersonID{omar}) || !slices.Contains(found.Who, omar) {
		t.Errorf("%+v, %v", found, err)
	}
	r.Stages[0].Asked = found.Asked()
	now, err := w.Established(t.Context(), r, by(omar))
	if as := now.As[omar]; err != nil || !slices.Contains(now.Who, omar) || as != (access.Basis{Source: catalog.OnCall, Name: "platform", Backup: true}) {
		t.Errorf("as a back-up: %+v, %v", now.Found, err)
	}
	if now, err := w.Established(t.Context(), r, by(noor)); err != nil || now.As[noor].Backup {
		t.Errorf("who is asked: %+v, %v", now.Found, err)
	}
	b.called = []string{"U-grace"}
	if now, err := w.Established(t.Context(), r, by(omar)); err != nil || slices.Contains(now.Who, omar) {
		t.Errorf("whose shift is over: %+v, %v", now.Found, err)
	}
	b.broken = silence(access.Denied)
	w.pass(time.Hour)
	if found, err = w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Who, []access.PersonID{noor}) {
		t.Errorf("back-ups that can't be read keep nobody from being asked: %+v, %v", found, err)
	}
	b.broken = nil
	w.account("maya", func(p *idp.Person) { p.ManagerEmail = "" })
	w.Forget(maya)
	if found, err = w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Asked(), []access.PersonID{grace}) || !strings.HasSuffix(found.Why, "Its back-up approvers are asked.") {
		t.Errorf("nobody but back-ups: %+v, %v", found, err)
	}
}

func TestTheManagersManager(t *testing.T) {
	w, _ := outside(t)
	r := asking(t, maya, "manager-of-manager")
	if found, err := w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Who, []access.PersonID{grace}) {
		t.Errorf("%+v, %v", found, err)
	}
	w.account("noor", func(p *idp.Person) { p.ManagerEmail = "omar@acme.example" })
	if now, err := w.Established(t.Context(), r, by(grace)); err != nil || slices.Contains(now.Who, grace) {
		t.Errorf("she was until a moment ago: %+v, %v", now.Found, err)
	}
	if now, err := w.Established(t.Context(), r, by(omar)); err != nil || !slices.Contains(now.Who, omar) {
		t.Errorf("he is since a moment ago: %+v, %v", now.Found, err)
	}
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	if now, err := w.Established(t.Context(), r, by(omar)); err == nil || refused(err) {
		t.Errorf("the directory is silent: %+v, %v", now.Found, err)
	}
	w.set(func(w *world) { w.broken = nil })
	for who, why := range map[access.PersonID]string{grace: "no directory names a manager of grace@acme.example", omar: "no directory names a manager of grace@acme.example"} {
		if found, err := w.Deciders(t.Context(), asking(t, who, "manager-of-manager")); err != nil || !strings.Contains(found.Why, why) {
			t.Errorf("%s: %+v, %v", who, found, err)
		}
	}
}

// Whoever stands in doesn't report to whoever asks, as long as there is anybody else.
func TestNobodyStandsInForWhomTheyReportTo(t *testing.T) {
	w, _ := outside(t)
	r := asking(t, grace, "manager") // she has none; noor, omar and ines report to her
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Who, []access.PersonID{omar}) || !strings.Contains(found.Why, "All who could stand in report") {
		t.Errorf("all report to her: %+v, %v", found, err)
	}
	w.account("ines", func(p *idp.Person) { p.ManagerEmail = "" })
	w.Forget(ines)
	if found, err = w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Who, []access.PersonID{ines}) || !strings.HasSuffix(found.Why, "In their place: IT.") {
		t.Errorf("ines doesn't: %+v, %v", found, err)
	}
}
