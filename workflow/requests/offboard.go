package requests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// Holding is what an offboarding finds: what somebody holds or is about to get, and
// what they asked for.
type Holding struct {
	Who      string   `json:"who"`
	Access   []string `json:"access"`
	Requests []string `json:"requests"`
}

// Holdings are what offboarding somebody would end and cancel. IT may see it.
func (l *Controls) Holdings(ctx context.Context, who access.PersonID, by access.Actor) (out Holding, err error) {
	if err := l.allowOffboard(ctx, who, by); err != nil {
		return out, l.units.LogRefusal(ctx, "", by, "offboard", err)
	}
	known := l.catalog()
	err = l.units.View(ctx, func(tx store.Tx) error {
		if out.Who, err = people.ContactIn(tx, who); err != nil {
			return err
		}
		grants, _, err := store.Sound(store.OpenGrantsOf(tx, who))
		if err != nil {
			return err
		}
		out.Access, out.Requests = nil, nil
		for _, g := range grants {
			out.Access = append(out.Access, g.Label(known)+" ("+grantName(tx, g)+")")
		}
		asked, _, err := store.Sound(store.OpenRequestsOf(tx, who))
		for _, r := range asked {
			out.Requests = append(out.Requests, r.Label())
		}
		slices.Sort(out.Access)
		slices.Sort(out.Requests)
		return err
	})
	return out, err
}

// grantName is how IT refer to a grant: by the issue that says why, if there is one.
func grantName(tx store.Tx, g access.Grant) string {
	if r, err := store.Request(tx, g.Request); err == nil {
		return r.Label()
	}
	return g.ID
}

func (l *Controls) allowOffboard(ctx context.Context, who access.PersonID, by access.Actor) error {
	caller, err := l.authority.CallerNow(ctx, by)
	if err != nil {
		return err
	}
	if err := l.authority.May(caller, people.ActOffboard, people.Matter{Holder: access.Person{ID: who}}); err != nil {
		return err
	}
	if who == "" {
		return access.Refuse(access.Unknown, "person", "Nobody is known by that name here, so there is nothing to end.")
	}
	return nil
}

// Offboard ends everything somebody holds, and cancels everything that was asked for
// by or for them, now. IT can. From then on they neither ask nor decide, whatever the
// directory says of them, and what waits for their answer is asked of somebody else. When it
// returns nil the rest is durable work, which waits for no record.
func (l *Controls) Offboard(ctx context.Context, who access.PersonID, reason string, by access.Actor) (Holding, error) {
	found, err := l.Holdings(ctx, who, by)
	if err != nil {
		return found, err
	}
	if strings.TrimSpace(reason) == "" {
		return found, access.Refuse(access.Invalid, "reason", "Please say why: it goes into the record of everything that ends.")
	}
	l.authority.Forget(who)
	defer l.authority.Forget(who) // whoever was looked up before it was remembered
	return found, l.units.Update(ctx, func(u *engine.Unit) error {
		if done, err := offboardedAlready(u.Tx, who); done || err != nil {
			return err // the same form comes twice, and what it asked for is done
		}
		if err := people.MarkOffboarded(u, who); err != nil {
			return err
		}
		return offboard(u, leaver{Person: who, By: by, Reason: strings.TrimSpace(reason), Offboard: true}, found)
	})
}

// offboardedAlready tells that somebody was offboarded, that IT didn't take it back, and that
// nothing is left which isn't ending.
func offboardedAlready(tx store.Tx, who access.PersonID) (bool, error) {
	k, err := store.Person(tx, who)
	if err != nil || k.Offboarded.IsZero() {
		return false, err
	}
	if _, err := tx.Task(leaveTaskID(leaver{Person: who, Offboard: true})); !errors.Is(err, store.ErrNotFound) {
		return false, err // it is under way, and is made to hasten
	}
	grants, damaged, err := store.Sound(store.OpenGrantsOf(tx, who))
	if err != nil || len(damaged) > 0 || slices.ContainsFunc(grants, func(g access.Grant) bool { return g.End == "" }) {
		return false, err
	}
	asked, damaged, err := store.Sound(store.OpenRequestsOf(tx, who))
	return len(asked)+len(damaged) == 0, err
}

func offboard(u *engine.Unit, l leaver, found Holding) error {
	t, err := leaveTask(l)
	if err != nil {
		return err
	}
	added, err := u.Enqueue(t)
	if err != nil {
		return err
	}
	if !added {
		return u.Expedite(t.ID)
	}
	e := access.Event{Kind: access.EventOffboarded, At: u.At, Person: l.Person, Actor: l.By, Reason: l.Reason, Subject: access.LogSubject()}
	if e, err = u.Append(e); err != nil {
		return err
	}
	who, err := actorName(u.Tx, l.By)
	if err != nil {
		return err
	}
	title := "Offboarding: " + found.Who
	lines := append([]string{"Everything " + found.Who + " holds ends now, and what was asked for by or for them is cancelled. They can neither ask nor decide until IT takes that back (latchkey people same " + found.Who + "); what waits for their answer is asked of somebody else. By " + who + ".", "Why: " + l.Reason}, found.lines()...)
	if err := notify.Announce(u, "offboard/"+e.ID, "", title, lines...); err != nil {
		return err
	}
	return ledger.Report(u, access.IssueReport{ID: "OF-" + e.ID, At: u.At, Title: title, Lines: lines}, thenWatch, l)
}

// mostListed is how much of what ends is named one by one.
const mostListed = 100

// lines name what ends and is cancelled.
func (h Holding) lines() []string {
	var out []string
	for _, name := range h.Access {
		out = append(out, "Ends: "+name)
	}
	for _, name := range h.Requests {
		out = append(out, "Cancelled: "+name)
	}
	if len(out) == 0 {
		return []string{"They hold nothing through Latchkey, and nothing is asked for."}
	}
	if more := len(out) - mostListed; more > 0 {
		out = append(out[:mostListed], fmt.Sprintf("… and %d more", more))
	}
	return out
}

// WatchTask is the kind of task that once said when all that somebody held is gone. What is left of them is passed on to the
// ledger, which follows that now.
const WatchTask = "offboard.watch"

// offboarding is what somebody held when everything of theirs ended, and the issue that says so.
type offboarding struct {
	leaver
	ID    string
	Issue access.Issue
	At    time.Time // what was given later is not part of it
}

// follow has the issue stand as it stands with what ends, and closed once nothing of it is there any more.
func (o offboarding) follow(u *engine.Unit) error {
	return ledger.Follow(u, ledger.Followed{ID: o.ID, Issue: o.Issue, People: []access.PersonID{o.Person}, Before: o.At,
		Done: "Done: each access that ended was seen to be gone, was confirmed to be taken away by hand, or had not been given."})
}

// watch passes on what an earlier version watched.
func (l *Controls) watch(_ context.Context, t store.Task) (engine.Outcome, error) {
	o, err := engine.ReadPayload[offboarding](t)
	if err != nil {
		return nil, err
	}
	return o.follow, nil
}
