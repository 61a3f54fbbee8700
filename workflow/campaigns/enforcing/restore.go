package enforcing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// restoredPrefix begins the id of a grant that gives something back.
const restoredPrefix = "GR-"

// Restore gives back what a row took away, by the approval that it had before, for as long as was left of that. Whoever
// revoked it can, and IT, for a while; nobody for themselves. Whether its holder may hold it is judged anew, and nothing is
// given before the issue of the revocation says so.
func (s *Service) Restore(ctx context.Context, by access.Actor, campaign string, row int, why string) (g access.Grant, err error) {
	ctx = s.units.Holding(ctx)
	g, err = s.restore(ctx, by, campaign, row, strings.TrimSpace(why))
	return g, s.units.LogRefusal(ctx, "", by, "give back what a review took away", err)
}

func (s *Service) restore(ctx context.Context, by access.Actor, campaign string, row int, why string) (g access.Grant, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return g, err
	}
	seen, r, err := s.approvedBefore(ctx, campaign, row)
	if err != nil {
		return g, err
	}
	holder, err := s.authority.Anew(ctx, seen.Person)
	if err != nil {
		return g, err
	}
	var around access.Circumstances
	if s.attributes != nil {
		around = s.attributes.Around(ctx, holder, holder, catalog.RoleRef{App: r.App, Role: r.Role})
	}
	id := restoredPrefix + rand.Text()[:10]
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		i, err := engine.Load(u, rows.Items(), access.ReviewItemID(campaign, row))
		if err == nil {
			err = people.StillHere(u, by.Person)
		}
		if err == nil {
			err = s.authority.May(caller, people.ActRestore, people.Matter{App: i.App, Holder: holder, Reviewers: revokers(i)})
		}
		if err == nil && why == "" {
			err = access.Refuse(access.Invalid, "reason", "Please say why it is given back: the evidence prints that with your name.")
		}
		if err == nil {
			err = objection(u, r, holder, around)
		}
		if err == nil {
			g, err = giveBack(u, i, r, id, by, why)
		}
		return err
	})
	return g, err
}

// objection refuses what may not be held any more by whom it was taken from.
func objection(u *engine.Unit, r access.Request, holder access.Person, around access.Circumstances) error {
	requester, err := people.In(u.Tx, r.Requester)
	if err != nil {
		return err
	}
	has := access.Standings{}
	if has.Grants, err = store.OpenGrantsOf(u.Tx, r.Beneficiary); err != nil {
		return err
	}
	return r.RestoreObjection(u.Catalog, requester, holder, around, has)
}

// revokers are those who revoked a row.
func revokers(i access.ReviewItem) (out []access.PersonID) {
	for _, a := range i.Answers {
		if a.Decision == access.DecisionRevoke {
			out = append(out, a.By.Person)
		}
	}
	return out
}

// approvedBefore is a row that took something away, and the request by which that had been approved.
func (s *Service) approvedBefore(ctx context.Context, campaign string, row int) (i access.ReviewItem, r access.Request, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		i, err = store.ReviewItem(tx, campaign, row)
		if errors.Is(err, store.ErrNotFound) {
			return access.Refuse(access.Unknown, "row", "Nothing was taken away there.")
		}
		if err != nil {
			return err
		}
		was, err := endedBy(func(id string) (access.Grant, error) { return store.Grant(tx, id) }, i)
		if err == nil && was.Request == "" {
			return access.Refuse(access.NotAllowed, "", "Nobody had approved this access, so it can't be given back. Please ask for it.")
		}
		if err == nil {
			r, err = store.Request(tx, was.Request)
		}
		return err
	})
	return i, r, err
}

// endedBy is the grant that a row ended and that somebody had asked for; the zero grant where there is none.
func endedBy(grant func(string) (access.Grant, error), i access.ReviewItem) (access.Grant, error) {
	for _, id := range i.Ends {
		g, err := grant(id)
		if err != nil {
			return g, err
		}
		if g.Request != "" && g.End == access.EndReviewed {
			return g, nil
		}
	}
	return access.Grant{}, nil
}

// giveBack makes the grant, and notes it on the row and on its issue.
func giveBack(u *engine.Unit, i access.ReviewItem, r access.Request, id string, by access.Actor, why string) (access.Grant, error) {
	was, err := endedBy(u.Grant, i)
	if err != nil {
		return was, err
	}
	words := fmt.Sprintf("Given back after the review %s, row %d, by the approval of %s. %s", i.Campaign, i.Row, r.Label(), why)
	g, started, err := access.GiveBack(access.GivenBack{ID: id, Was: was, Approved: r, By: by, Why: strings.TrimSpace(words)}, u.At)
	if err != nil {
		return g, err
	}
	e := i.Event(access.EventRowRestored, by, u.At)
	e.Reason, e.Review.Ends = why, []string{g.ID}
	if i, err = engine.Move(u, rows.Items(), i, e); err != nil {
		return g, err
	}
	if err := engine.Begin(u, engine.Grants(), &g, started); err != nil {
		return g, err
	}
	return g, rows.Enqueue(u, BackTask, i.ID(), engine.HouseQueue, store.Additions, rows.About{Campaign: i.Campaign, Row: i.Row})
}

// pausedAgain is how soon it is looked again whether what holds new access back is over.
const pausedAgain = 5 * time.Minute

// begin lets what is given back begin, once the issue of the revocation is there; not while new access is paused.
func (s *Service) begin(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	var i access.ReviewItem
	held := false
	err = s.units.View(ctx, func(tx store.Tx) error {
		if i, err = store.ReviewItem(tx, a.Campaign, a.Row); err == nil {
			_, held, err = store.PausedBy(tx, s.units.Now())
		}
		return err
	})
	switch {
	case err != nil:
	case held:
		err = &access.Failure{Class: access.Limited, Nothing: true, After: pausedAgain, Sentence: "New access is paused, or held back"}
	case i.Issue.Key == "":
		err = &access.Failure{Class: access.Limited, Nothing: true, After: issueAgain, Sentence: "The issue of the revocation isn't there yet, in which it is written that it is given back"}
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return begun(u, i) }, nil
}

// begun lets what is given back begin, and writes it on the issue.
func begun(u *engine.Unit, i access.ReviewItem) error {
	g, err := u.Grant(i.Restoring)
	if err != nil || g.State != access.GrantWaiting {
		return err
	}
	name, err := people.ContactIn(u.Tx, i.RestoreBy.Person)
	if err != nil {
		return err
	}
	id := fmt.Sprintf("%s-%d/restored", i.Campaign, i.Row)
	err = ledger.AddComment(u, ledger.Comment{Marker: id, Issue: i.Issue, Body: access.IssueComment{
		ID: id, At: u.At, Title: "It is given back, by the approval that it had before.", Lines: []string{"By " + name + ".", "Grant " + g.ID + "."},
	}})
	if err != nil {
		return err
	}
	g.Issue = i.Issue
	e := g.Event(access.EventRecorded, access.System(), u.At)
	e.Issue = &i.Issue
	_, err = u.MoveGrant(g, e)
	return err
}
