package requests_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/requests"
)

// desk is a Jira of issues that belong to no request.
type desk struct {
	*world
	did []string
}

func (d *desk) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	d.did = append(d.did, "open: "+r.Title)
	return access.Issue{ID: "1", Key: "IT-1"}, nil
}

func (d *desk) MoveReport(_ context.Context, _ access.Issue, as access.IssueStanding) error {
	d.did = append(d.did, string(as))
	return nil
}

func (d *desk) Comment(_ context.Context, _ access.Issue, m access.IssueComment, _ bool) error {
	d.did = append(d.did, "say: "+m.Title)
	return nil
}

// writes carries out what is to be written, and wants it to be that.
func (d *desk) writes(what string, want ...string) {
	d.Helper()
	d.did = nil
	room := ledger.New(ledger.Config{Units: d.units, Query: d.query, Reports: d, Comments: d, Standings: d, Reported: requests.Reported()})
	for range 3 {
		for _, kind := range []string{ledger.ReportTask, ledger.StandTask, ledger.FollowTask, ledger.CommentTask, ledger.StandTask, ledger.CloseTask} {
			var all []store.Task
			d.ok(d.store.View(d.Context(), func(tx store.Tx) (err error) { all, err = tx.Tasks("", 0, 100); return err }))
			for _, t := range all {
				if t.Kind == kind {
					_ = enginetest.Attempt(d.Context(), d.units, room.Handlers(), t) // what isn't over waits
				}
			}
		}
	}
	if !slices.Equal(d.did, want) {
		d.Errorf("%s: %q, want %q", what, d.did, want)
	}
}

// TestTheIssueOfAPauseIsClosedAtItsEnd: by a word, by its time, and though it was over before there was an issue.
func TestTheIssueOfAPauseIsClosedAtItsEnd(t *testing.T) {
	const opened, on, over = "open: New access is paused until 10:00 UTC on 16 November 2026", "running", "over"
	word := func(w *world, controls *requests.Controls) {
		_, err := controls.Resume(t.Context(), by(ines))
		w.ok(err)
	}
	for name, c := range map[string]struct {
		ends  func(*world, *requests.Controls)
		late  bool // the issue is opened after that
		wants []string
	}{
		"by a word":        {ends: word, wants: []string{"say: New access is given again.", over}},
		"by its time":      {ends: func(w *world, _ *requests.Controls) { w.pass(time.Hour); w.fallDue() }, wants: []string{"say: New access is given again.", over}},
		"before its issue": {ends: word, late: true, wants: []string{opened, on, "say: New access is given again.", over}},
	} {
		w := newWorld(t)
		d := &desk{world: w}
		controls := requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: w.Catalog(), Authority: w.who})
		_, err := controls.Pause(t.Context(), time.Hour, "Somebody is in", by(ines))
		w.ok(err)
		if !c.late {
			d.writes(name+", at its beginning", opened, on)
		}
		c.ends(w, controls)
		d.writes(name, c.wants...)
	}
}

// TestTheIssueOfALeaverIsClosedOnceAllIsGone, and not before.
func TestTheIssueOfALeaverIsClosedOnceAllIsGone(t *testing.T) {
	w := newWorld(t)
	d := &desk{world: w}
	r := w.held("editor")
	controls := requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: w.Catalog(), Authority: w.who})
	_, err := controls.Offboard(t.Context(), maya, "Left today", by(ines))
	w.ok(err)
	w.ok(w.carryOut(requests.LeaveTask))
	d.writes("while it ends", "open: Offboarding: maya@acme.example", "running")
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		g, err := store.Grant(tx, r.GrantID())
		if err == nil {
			g.State = access.GrantEnded
			err = store.PutGrant(tx, &g)
		}
		return err
	}))
	d.writes("once it is gone", "say: Done: each access that ended was seen to be gone, was confirmed to be taken away by hand, or had not been given.", "over")
}

// fallDue does what is due of pauses by now.
func (w *world) fallDue() {
	w.Helper()
	w.ok(w.units.Update(w.Context(), func(u *engine.Unit) error {
		for _, scan := range requests.DueScans() {
			if scan.Kind != "pause" {
				continue
			}
			rows, err := u.Tx.Due(scan.Kind, u.At, 10)
			for _, r := range rows {
				if err == nil {
					err = scan.Do(u, r.ID)
				}
			}
			return err
		}
		return nil
	}))
}
