package query_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow/query"
)

// troubled is a world with one of everything that can be stuck.
func troubled(t *testing.T) *world {
	w := newWorld(t)
	r := w.request(access.Request{ID: "AR-1", State: access.RequestApproved, Created: at(0), Issue: access.Issue{ID: "1", Key: "IT-1"}})
	w.grant(access.Grant{ID: r.GrantID(), Request: "AR-1", State: access.GrantStuck, Problem: "Okta refuses the token", Created: at(0)})
	w.grant(access.Grant{ID: "GF-1", State: access.GrantStuck, Revoking: true, Problem: "A rule puts them back", Created: at(3 * time.Hour)})
	w.request(access.Request{ID: "AR-2", State: access.RequestPending, Created: at(0), Stages: []access.Stage{{}}})
	w.request(access.Request{ID: "AR-3", State: access.RequestPending, Created: at(0), Stages: []access.Stage{{}}}) // still being searched
	w.stick(store.Task{ID: "open/AR-2", Kind: "issue.open", Subject: access.RequestSubject("AR-2")})
	w.stick(store.Task{ID: "duty/reconcile", Kind: "duty.do"})
	w.stick(store.Task{ID: "due/grant/G-7", Kind: "due.do"})
	w.stick(store.Task{ID: "notice/1", Kind: "notice.show"})
	w.events(
		access.Event{Kind: access.EventStuck, At: at(2 * time.Hour), Request: "AR-1", Note: "Okta refuses the token"},
		access.Event{Kind: access.EventUnroutable, At: at(90 * time.Minute), Request: "AR-2", Note: "Nobody can be found"},
		access.Event{Kind: access.EventTaskBlocked, At: at(4 * time.Hour), Request: "AR-2", Note: "Jira refuses the token"},
		access.Event{Kind: access.EventTaskBlocked, At: at(5 * time.Hour), Request: "AR-2", Note: "Something else"},
	)
	return w
}

func TestStuckIsOneListForAll(t *testing.T) {
	w := troubled(t)
	var lines []string
	for _, reader := range []access.Actor{operator(), by(ines)} {
		got, err := w.Stuck(t.Context(), reader, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		lines = nil
		for _, s := range got.Items {
			lines = append(lines, fmt.Sprintf("%s: can't %s since %s: %s", s.ID, s.What, s.Since.Format("15:04"), s.Why))
		}
		want := []string{
			"GF-1: can't take the access away since 12:00: A rule puts them back",
			"due/grant/G-7: can't carry out what is due of grant G-7 since 10:00: Jira refuses the token",
			"duty/reconcile: can't carry out the regular duty reconcile since 10:00: Jira refuses the token",
			"notice/1: can't carry out a task of the kind notice.show since 10:00: Jira refuses the token",
			"AR-2: can't find somebody who may decide since 10:30: Nobody can be found",
			"G-1: can't give the access since 11:00: Okta refuses the token",
			"open/AR-2: can't open the Jira issue since 13:00: Jira refuses the token",
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	w.put(func(tx store.Tx) error {
		n, err := query.CountStuck(tx)
		if n != len(lines) {
			t.Errorf("%d are counted", n)
		}
		return err
	})
	week, err := w.Week(t.Context(), by(ines))
	if err != nil || week.Stuck != len(lines) {
		t.Errorf("the week counts %d, %v", week.Stuck, err)
	}
	if page, err := w.Stuck(t.Context(), by(ines), 4, 2); err != nil || page.Total != 7 || page.Items[0].ID != "AR-2" {
		t.Errorf("a page: %+v, %v", page, err)
	}
	if _, err := w.Stuck(t.Context(), by(noor), 0, 0); !refused(err) {
		t.Errorf("anybody sees it: %v", err)
	}
}

func TestFindStuck(t *testing.T) {
	w := troubled(t)
	for name, want := range map[string]string{"IT-1": "G-1", "AR-1": "G-1", "G-1": "G-1", "GF-1": "GF-1", "notice/1": "notice/1"} {
		if got, err := w.FindStuck(t.Context(), name); err != nil || got.ID != want || got.Task != (want == "notice/1") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "AR-9"} {
		if got, err := w.FindStuck(t.Context(), name); !refused(err) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestReportAndTrace(t *testing.T) {
	w := newWorld(t)
	w.request(access.Request{ID: "AR-1", State: access.RequestDenied, Created: at(0), Decided: at(time.Hour)})
	w.events(
		access.Event{Kind: access.EventSubmitted, At: at(0), Request: "AR-1", Person: maya, App: "figma"},
		access.Event{Kind: access.EventDenied, At: at(time.Hour), Request: "AR-1", Person: maya, App: "figma"},
	)
	week, err := w.Week(t.Context(), by(ines))
	if err != nil || week.Submitted != 1 || week.Requests[access.RequestDenied] != 1 || week.Approval.Median != time.Hour {
		t.Errorf("week: %+v, %v", week, err)
	}
	monday, err := evidence.Week("2026-W47")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.Report(t.Context(), operator(), monday); err != nil || got.Submitted != 1 {
		t.Errorf("report: %+v, %v", got, err)
	}
	for _, reader := range []access.Actor{operator(), by(maya), by(noor), by(ines)} {
		if got, err := w.Trace(t.Context(), reader, maya, "figma"); err != nil || len(got.Events()) != 2 {
			t.Errorf("trace for %v: %+v, %v", reader, got, err)
		}
	}
	_, report := w.Report(t.Context(), by(noor), monday)
	_, trace := w.Trace(t.Context(), by(omar), maya, "figma")
	if !refused(report) || !refused(trace) {
		t.Errorf("anybody sees it: %v, %v", report, trace)
	}
}

// TestDamageIsShownAndHidesNothing: records that can't be read back are on the
// list, as far as anything is known of them, and so is all the rest.
func TestDamageIsShownAndHidesNothing(t *testing.T) {
	w := troubled(t)
	w.put(func(tx store.Tx) error {
		for _, r := range []store.Record{
			{Kind: "grant", ID: "G-bad", Index: []string{"state:stuck", "person:" + string(maya), "app:figma"}},
			{Kind: "request", ID: "AR-bad", Index: []string{"state:pending"}},
		} {
			r.Body = []byte("{")
			if _, err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
	w.stick(store.Task{ID: "open/AR-bad", Kind: "issue.open", Subject: access.RequestSubject("AR-bad")})
	got, err := w.Stuck(t.Context(), operator(), 0, 0)
	if err != nil || got.Total != 10 {
		t.Fatalf("%d are listed, %v", got.Total, err)
	}
	found, err := w.FindStuck(t.Context(), "G-bad")
	if err != nil || found.Person != maya || found.App != "figma" || found.What != "read the record of the grant back" || !strings.Contains(found.Why, "restore it from a backup") {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err := w.FindStuck(t.Context(), "AR-bad"); err != nil || found.Request != "AR-bad" {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestPagesGoOnBehindDamage: a page that is full only with what can't be read back
// isn't the last.
func TestPagesGoOnBehindDamage(t *testing.T) {
	const all = 2500
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		for i := range all {
			g := access.Grant{ID: fmt.Sprintf("G-%04d", i), Person: maya, App: "figma", State: access.GrantActive}
			if i == 0 || i == 999 || i == 1000 || i == all-1 {
				if _, err := tx.Put(store.Record{Kind: "grant", ID: g.ID, Body: []byte("{"), Index: []string{"app:figma"}}); err != nil {
					return err
				}
			} else if err := store.PutGrant(tx, &g); err != nil {
				return err
			}
		}
		return nil
	})
	w.put(func(tx store.Tx) error {
		got, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
			return store.OpenGrantsOn(tx, "figma", after, limit)
		}, query.GrantID))
		if len(got) != all-4 || len(damage) != 4 {
			t.Errorf("%d are sound and %d damaged", len(got), len(damage))
		}
		return err
	})
}
