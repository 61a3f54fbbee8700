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

// WatchTask is the kind of task that says when all that somebody held is gone.
const WatchTask = "offboard.watch"

// offboarding is the payload of a WatchTask.
type offboarding struct {
	leaver
	ID    string
	Issue access.Issue
	At    time.Time // what was given later is not part of it
}

// watchEvery is how soon it is looked again whether all is gone.
const watchEvery = time.Minute

func watchOffboarding(u *engine.Unit, o offboarding) error {
	body, err := engine.Payload(o)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "watch/" + o.ID, Queue: engine.HouseQueue, Kind: WatchTask, Priority: store.Notices, Payload: body})
	return err
}

// watch waits until nothing that the offboarding ended is there any more, and says so
// on its issue.
func (l *Controls) watch(ctx context.Context, t store.Task) (engine.Outcome, error) {
	o, err := engine.ReadPayload[offboarding](t)
	if err != nil {
		return nil, err
	}
	left := 0
	err = l.units.View(ctx, func(tx store.Tx) error {
		grants, damage, err := store.Sound(store.OpenGrantsOf(tx, o.Person))
		left = len(damage)
		for _, g := range grants {
			if !g.Created.After(o.At) {
				left++
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if left > 0 {
		return nil, &access.Failure{Class: access.Limited, After: watchEvery, Sentence: fmt.Sprintf("%d of what ends is not gone yet", left)}
	}
	return func(u *engine.Unit) error {
		err := ledger.AddComment(u, ledger.Comment{Marker: o.ID + "/gone", Issue: o.Issue, Body: access.IssueComment{
			ID: o.ID + "/gone", At: u.At, Title: "Done: each access that ended was seen to be gone, was confirmed to be taken away by hand, or had not been given.",
		}})
		return errors.Join(err, ledger.Close(u, o.Issue))
	}, nil
}
