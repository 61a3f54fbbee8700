package birthright

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// prefix begins the id of a grant that comes by a birthright. It keeps it apart from those that come of requests.
const prefix = "GB-"

func newGrantID() string { return prefix + rand.Text()[:10] }

const (
	// Then names what follows when the issue of what was given exists.
	Then = "birthright"
	// BeginTask is the kind of task that lets what was given begin, now that its issue exists.
	BeginTask = "birthright.begin"
)

// recorded is what an issue is about.
type recorded struct {
	Person access.PersonID
	Grants []string
	Issue  access.Issue
}

// report arranges for the one issue of all that somebody is given at once.
func report(u *engine.Unit, known *catalog.Catalog, who access.PersonID, given []access.Grant) error {
	if len(given) == 0 {
		return nil
	}
	name, err := people.ContactIn(u.Tx, who)
	if err != nil {
		return err
	}
	r := access.IssueReport{ID: "BR-" + rand.Text()[:8], At: u.At, Title: "Birthrights of " + name, Lines: []string{"What comes with who somebody is, by the rules under birthrights in the configuration. Nobody asked for it, and nobody was asked."}}
	about := recorded{Person: who}
	for _, g := range given {
		line := fmt.Sprintf("%s, by the rule %s (grant %s)", g.Label(known), g.Birthright, g.ID)
		if g.Wanted != catalog.Forever {
			line += ", for " + catalog.FormatDuration(g.Wanted) + ", as the policy bounds it"
		}
		r.Lines = append(r.Lines, line)
		about.Grants = append(about.Grants, g.ID)
	}
	r.Lines = append(r.Lines, "It lasts as long as the rule holds. What becomes of it is written here.")
	return ledger.Report(u, r, Then, about)
}

// Reported is the room's line in the table of what follows when the issue of a report exists.
func Reported() map[string]ledger.Reported {
	return map[string]ledger.Reported{Then: func(u *engine.Unit, r access.IssueReport, about json.RawMessage, issue access.Issue) error {
		var what recorded
		if err := json.Unmarshal(about, &what); err != nil {
			return fmt.Errorf("read whose birthrights %s are: %w", r.ID, err)
		}
		what.Issue = issue
		body, err := engine.Payload(what)
		if err != nil {
			return err
		}
		_, err = u.Enqueue(store.Task{ID: "birthright/begin/" + r.ID, Queue: engine.HouseQueue, Kind: BeginTask, Priority: store.Additions, Payload: body})
		return err
	}}
}

// pausedAgain is how soon it is looked again whether a pause is over.
const pausedAgain = 5 * time.Minute

// begin lets what was given begin, unless new access is paused or held back: then it waits for the end of that.
func (s *Service) begin(ctx context.Context, t store.Task) (engine.Outcome, error) {
	what, err := engine.ReadPayload[recorded](t)
	if err != nil {
		return nil, err
	}
	held := false
	err = s.units.View(ctx, func(tx store.Tx) error {
		_, held, err = store.PausedBy(tx, s.units.Now())
		return err
	})
	if err == nil && held {
		err = &access.Failure{Class: access.Limited, After: pausedAgain, Sentence: "New access is paused, or held back"}
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return begun(u, what) }, nil
}

// begun lets what was given begin, and says so to whom it is given.
func begun(u *engine.Unit, what recorded) error {
	var lines []string
	for _, id := range what.Grants {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		if g.State != access.GrantWaiting {
			continue // it has ended meanwhile
		}
		g.Issue = what.Issue
		e := g.Event(access.EventRecorded, access.System(), u.At)
		e.Issue = &what.Issue
		if _, err := u.MoveGrant(g, e); err != nil {
			return err
		}
		lines = append(lines, "• "+g.Label(u.Catalog)+comes(u.Catalog, g))
	}
	followed := ledger.Followed{ID: what.Issue.ID, Issue: what.Issue, People: []access.PersonID{what.Person}, By: what.Issue, Given: true}
	if err := ledger.Follow(u, followed); err != nil || len(lines) == 0 {
		return err
	}
	return notify.Announce(u, "birthright/given/"+what.Issue.ID, what.Person, "This comes with your job, and is being set up",
		append(lines, "You need not ask for it, and it lasts as long as your job is the same.")...)
}

// comes says with what a grant comes.
func comes(known *catalog.Catalog, g access.Grant) string {
	b, there := known.Birthright(g.Birthright)
	if !there {
		return ""
	}
	return ", which comes with " + b.Comes()
}
