package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/reclaim"
)

// TestCalendar lists what is due of every kind, the earliest first, in words; what only the machine notices is no part of it.
func TestCalendar(t *testing.T) {
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	calendar := NewCalendar(c.Catalog)
	if all, err := calendar.Ahead(t.Context(), 6); len(all) > 0 || err != nil {
		t.Errorf("without a store: %v %v", all, err)
	}
	calendar.Keep(s)
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	on := func(n int) time.Time { return day.AddDate(0, 0, n) }
	maya := access.Person{ID: "P-000000MAYA", Name: "Maya Lind"}
	figma := catalog.RoleRef{App: "figma", Role: "editor"}
	err = s.Update(context.Background(), func(tx store.Tx) error {
		return errors.Join(
			store.PutPerson(tx, &store.Known{Person: maya}),
			store.PutGrant(tx, &access.Grant{ID: "G-1", Person: maya.ID, App: figma.App, Role: figma.Role, State: access.GrantActive, Remind: on(3), Ends: on(4)}),
			store.PutGrant(tx, &access.Grant{ID: "G-2", Person: "P-GONE", App: figma.App, Role: figma.Role, State: access.GrantWaiting, Starts: on(5)}),
			store.PutRequest(tx, &access.Request{ID: "AR-1", Beneficiary: maya.ID, App: figma.App, Role: figma.Role, State: access.RequestPending, Look: on(0), Lapses: on(9), FollowUp: access.FollowUp{Next: on(1)}}),
			store.PutRequest(tx, &access.Request{ID: "AR-2", Beneficiary: maya.ID, App: figma.App, Role: figma.Role, State: access.RequestApproved, BreakGlass: true, Review: &access.Review{Next: on(2)}}),
			store.PutReclaim(tx, &access.Reclaim{ID: "IS-1", Person: maya.ID, App: "adobe-cc", State: access.ReclaimAsked, Until: on(6)}),
			store.PutDuty(tx, &store.Duty{Name: reclaim.Duty, Next: on(7)}),
			store.PutDuty(tx, &store.Duty{Name: campaigns.DutyPrefix + "quarterly", Next: on(8)}),
			store.PutDuty(tx, &store.Duty{Name: "anchor.pin", Next: on(0)}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := calendar.Ahead(t.Context(), 6)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, a := range all {
		said = append(said, fmt.Sprintf("%d %v %s", int(a.At.Sub(day).Hours()/24), a.Routine, a.What))
	}
	want := []string{
		"1 false Maya Lind's Figma · Editor: whoever decides is reminded, or others are asked",
		"2 false Maya Lind's Figma · Editor: whether the emergency was right is asked again",
		"3 false Maya Lind's Figma · Editor: they are reminded that it ends",
		"4 false Maya Lind's Figma · Editor ends",
		"5 false P-GONE's Figma · Editor begins",
		"6 false Maya Lind's idle seat of Adobe Creative Cloud: without an answer it comes back",
		"7 true Idle seats are looked for, and their holders asked",
		"8 false The review “quarterly” begins",
		"9 false Maya Lind's Figma · Editor: the request lapses",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
}
