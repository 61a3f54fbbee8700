package membership_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

func TestGivenAndTakenAndReadBack(t *testing.T) {
	for name, able := range map[string]func(idp.Directory) idp.Directory{
		"by one membership": func(d idp.Directory) idp.Directory { return d },
		"by the whole list": idptest.Core,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, func(w *provisiontest.World, c *provision.Config) {
				c.Directories = people.Directories{able(w.Vendor.Directory())}
			})
			g := w.Active("A")
			w.Expect("she is in", w.Vendor.IsMember(w.Group, w.Maya))
			w.Expect("it was not so before", w.Entitlement(g.ID).Absent && !w.Entitlement(g.ID).Before)
			w.End(g.ID)
			w.Work()
			w.Expect("she is out", !w.Vendor.IsMember(w.Group, w.Maya))
			w.Expect("it ended", w.Now(g.ID).State == access.GrantEnded && w.Entitlement(g.ID).State == access.EntitlementRemoved)
		})
	}
}

func TestAcceptedIsNotDone(t *testing.T) {
	w := newWorldWith(t, func(w *provisiontest.World, c *provision.Config) {
		c.Directories = people.Directories{absentMinded{w.Vendor.Directory()}}
	})
	g := w.Grant("A")
	f := w.Fails(access.Transient)
	w.Expect("it isn't there until it is seen", w.Now(g.ID).State == access.GrantProvisioning && strings.Contains(f.Sentence, "not in the group yet"))
	now := w.Now(g.ID)
	w.Expect("it has an end all the same", now.Started.IsZero() && now.Due().Equal(w.Clock.Now().Add(g.Wanted)))
}

// absentMinded is a directory that forgets what it was told.
type absentMinded struct{ idp.Directory }

func (absentMinded) Add(context.Context, string, string) error { return nil }

// at is Maya's place in the group, by the ids of both.
func (w *world) at() membership.Place {
	return membership.Place{Dir: w.Vendor.Directory(), Group: idp.Group{ID: w.Group}, Person: idp.Person{ID: w.Maya, Email: "maya@acme.example"}, Ref: provisiontest.Editors()}
}

// What isn't there is told apart from "no", with the id by which it was asked for.
func TestWhatIsNotThereIsNoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		gone func(*world)
		what string
		id   func(*world) string
	}{
		"the group":   {func(w *world) { w.Vendor.DeleteGroup(w.Group) }, "group", func(w *world) string { return w.Group }},
		"the account": {func(w *world) { w.Vendor.DeletePerson(w.Maya) }, "account", func(w *world) string { return w.Maya }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.gone(w)
			_, err := w.at().IsMember(t.Context())
			var none *membership.Missing
			if !errors.As(err, &none) || none.What != c.what || none.ID != c.id(w) || none.In.Ref != provisiontest.Editors() {
				t.Errorf("%v", err)
			}
		})
	}
}

// A removal that is accepted and doesn't stick fails, and says what a human can look for.
func TestAcceptedIsNotGone(t *testing.T) {
	w := newWorld(t)
	w.Vendor.SetMember(w.Group, w.Maya, true)
	w.Vendor.Stick(w.Group)
	if err := w.at().Take(t.Context()); !errors.Is(err, membership.ErrBack) || !strings.Contains(access.Classify(err).Sentence, "look for a rule or a sync") {
		t.Errorf("%v", err)
	}
}

// Of what failed it is known whether it may have been done all the same.
func TestWhatMayHaveBeenDone(t *testing.T) {
	for failure, may := range map[idptest.Failure]bool{idptest.Denied: false, idptest.Outage: true} {
		w := newWorld(t)
		w.Vendor.Fail(failure)
		if sent, err := w.at().Put(t.Context()); err == nil || sent != may {
			t.Errorf("%v: it may be there: %t (%v)", failure, sent, err)
		}
	}
}

// trailing is a directory whose answers trail behind by a minute.
type trailing struct{ idp.Directory }

func (trailing) ReadLag() time.Duration { return time.Minute }

// What a directory says of itself goes before what is usual.
func TestReadLag(t *testing.T) {
	d := newWorld(t).Vendor.Directory()
	if own, usual := membership.ReadLag(trailing{d}), membership.ReadLag(d); own != time.Minute || usual != 5*time.Second {
		t.Errorf("%v, and %v where it doesn't say", own, usual)
	}
}
