package membership_test

import (
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/provision/provisiontest"
)

// One change is one task, however often it is asked for, and waits for no other place.
func TestAChangeIsOneTask(t *testing.T) {
	w := newWorld(t)
	e := access.Event{Grant: "G-1", Person: provisiontest.Maya()}
	for range 2 {
		w.Do(func(u *engine.Unit) error {
			return membership.Enqueue(u, e, provisiontest.Editors(), "grant.test", store.Removals)
		})
	}
	all := w.Tasks()
	if len(all) != 1 {
		t.Fatalf("%d tasks", len(all))
	}
	want := "okta:figma-editors|" + string(provisiontest.Maya())
	if all[0].Queue != "okta" || all[0].Lock != want || all[0].Priority != store.Removals {
		t.Errorf("%+v", all[0])
	}
	says := membership.Purpose("test somebody's place in")
	if got := says(nil, all[0]); got != "test somebody's place in okta:figma-editors" {
		t.Errorf("%q", got)
	}
	if got := says(nil, store.Task{Payload: []byte("{")}); got != "test somebody's place in a group" {
		t.Errorf("%q", got)
	}
}

func TestTitle(t *testing.T) {
	for id, want := range map[string]string{"okta": "Okta", "élan": "Élan", "Entra": "Entra", "7": "7"} {
		if got := membership.Title(id); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// What was seen of a group is the grant's, and is told once it moved.
func TestWhatIsSeenIsNoted(t *testing.T) {
	w := newWorld(t)
	g := w.Active("A")
	w.Do(func(u *engine.Unit) error {
		return membership.Observe(u, w.now(u, g.ID), access.EventMemberMissing, provisiontest.Editors(), "seen by a test")
	})
	if e := w.Last(access.EventMemberMissing); !w.Entitlement(g.ID).Missing || e.Note != "seen by a test" {
		t.Errorf("%+v", e)
	}
}

func (w *world) now(u *engine.Unit, id string) access.Grant {
	w.Helper()
	g, err := u.Grant(id)
	if err != nil {
		w.Fatal(err)
	}
	return g
}
