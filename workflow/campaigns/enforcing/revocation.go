package enforcing

import (
	"encoding/json"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// ThenRevocation names what follows when the issue of a revocation exists.
const ThenRevocation = "review.revocation"

// reportRevocation arranges for the issue of a revocation.
func reportRevocation(u *engine.Unit, c access.Campaign, i access.ReviewItem) error {
	if i.Issue.Key != "" {
		return nil
	}
	name, err := whoseRow(u, i)
	if err != nil {
		return err
	}
	g := access.Grant{App: i.App, Role: i.Role}
	what := g.Label(u.Catalog)
	r := access.IssueReport{ID: fmt.Sprintf("%s-%d", i.Campaign, i.Row), At: u.At, Title: fmt.Sprintf("Revoked by a review: %s for %s", what, name)}
	r.App, r.Role = g.Names(u.Catalog)
	place := fmt.Sprintf("the place of %s in the group %s", name, i.Group)
	if i.Group.Directory == access.ImportedDirectory {
		place = fmt.Sprintf("what an imported list says %s has: the account %s", name, accountOf(i))
	}
	r.Lines = append(r.Lines, fmt.Sprintf("The access review %s revoked %s.", labelOf(c), place))
	how, err := determinedHow(u, i)
	if err != nil {
		return err
	}
	r.Lines = append(r.Lines, how...)
	if i.Grant != "" {
		r.Lines = append(r.Lines, "It came by the grant "+i.Grant+".")
	}
	return ledger.Report(u, r, ThenRevocation, rows.About{Campaign: i.Campaign, Row: i.Row})
}

// labelOf is how people refer to a campaign.
func labelOf(c access.Campaign) string {
	if c.Issue.Key != "" {
		return c.Review.Name + " (" + c.ID + ", " + c.Issue.Key + ")"
	}
	return c.Review.Name + " (" + c.ID + ")"
}

// determinedHow says who revoked a row, and in which words.
func determinedHow(u *engine.Unit, i access.ReviewItem) ([]string, error) {
	switch i.Grounds {
	case access.BySilence:
		return []string{"Nobody who was asked answered in time, and the review says to revoke then."}, nil
	case access.ByNobody:
		return []string{"Nobody could be found who may answer, and the review says to revoke then."}, nil
	case access.ByRecommendation:
		return []string{"Nobody answered in time, and the review says to do then as the row recommends."}, nil
	}
	by, reason := revokedBy(i)
	name, err := people.ContactIn(u.Tx, by.Person)
	if err != nil {
		return nil, err
	}
	lines := []string{"By " + name + "."}
	if reason != "" {
		lines = append(lines, "Why: "+reason)
	}
	return lines, nil
}

// revocationOpened notes the issue of a revocation, writes there what happened before it was open, and has what waits
// for it go on.
func revocationOpened(u *engine.Unit, _ access.IssueReport, body json.RawMessage, issue access.Issue) error {
	var a rows.About
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read which revocation it is: %w", err)
	}
	i, err := engine.Load(u, rows.Items(), access.ReviewItemID(a.Campaign, a.Row))
	if err != nil {
		return err
	}
	e := i.Event(access.EventRowIssue, access.System(), u.At)
	e.Issue = &issue
	if i, err = engine.Move(u, rows.Items(), i, e); err != nil {
		return err
	}
	if err := relate(u, i); err != nil {
		return err
	}
	if i.State == access.ItemSettled {
		return tellRevocation(u, i)
	}
	for _, id := range []string{RevokeTask + "/" + i.ID(), laterTask(i)} {
		if err := u.Expedite(id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// relate ties the issue of a revocation to its campaign's, and to that of the request by which the access came.
func relate(u *engine.Unit, i access.ReviewItem) error {
	c, err := engine.Load(u, rows.Campaigns(), i.Campaign)
	if err != nil {
		return err
	}
	if err := ledger.Relate(u, i.Issue, c.Issue); err != nil || i.Grant == "" {
		return err
	}
	g, err := u.Grant(i.Grant)
	if err != nil || g.Request == "" {
		return unlessMissing(err)
	}
	r, err := u.Request(g.Request)
	if err != nil {
		return unlessMissing(err)
	}
	return ledger.Relate(u, i.Issue, r.Issue)
}

// unlessMissing lets go of the error of a record that isn't there: then there is nothing to tie anything to.
func unlessMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// tellRevocation writes on the issue of a revocation what became of it; nothing while there is none.
func tellRevocation(u *engine.Unit, i access.ReviewItem) error {
	if i.Issue.ID == "" {
		return nil
	}
	title, lines := outcomeWords(i)
	id := fmt.Sprintf("%s-%d/%s/%d", i.Campaign, i.Row, i.Outcome, i.Version)
	over := isOver(i.Outcome)
	err := ledger.AddComment(u, ledger.Comment{Marker: id, Issue: i.Issue, Body: access.IssueComment{ID: id, At: u.At, Title: title, Lines: lines, Public: over}})
	if err != nil {
		return err
	}
	return ledger.Stand(u, i.Issue, standing(i.Outcome))
}

// standing is how it stands with a revocation once this came of it.
func standing(o access.ReviewOutcome) access.IssueStanding {
	switch {
	case isOver(o):
		return access.IssueOver
	case o == access.OutcomeManual:
		return access.IssueByHand
	case o == access.OutcomeFailed:
		return access.IssueStuck
	}
	return access.IssueRunning
}

// tellBack writes on the issue of a revocation that what was removed is there again. Where that has no reason that is known,
// somebody has to see to it.
func tellBack(u *engine.Unit, i access.ReviewItem, why string) error {
	if i.Issue.ID == "" {
		return nil
	}
	id := fmt.Sprintf("%s-%d/back/%d", i.Campaign, i.Row, i.Version)
	body := access.IssueComment{ID: id, At: u.At, Title: "It is there again: that was seen when it was looked at once more.", Lines: []string{why}}
	if err := ledger.AddComment(u, ledger.Comment{Marker: id, Issue: i.Issue, Body: body}); err != nil || !i.Back {
		return err
	}
	return ledger.Stand(u, i.Issue, access.IssueStuck)
}

// isOver tells whether nothing more is to be done about a revocation once this came of it: then it is said to everybody, and
// its issue is closed.
func isOver(o access.ReviewOutcome) bool {
	switch o {
	case access.OutcomeGone, access.OutcomeShared, access.OutcomeEnded, access.OutcomeVoid:
		return true
	}
	return false
}

// outcomeWords are those of what became of a revocation.
func outcomeWords(i access.ReviewItem) (title string, lines []string) {
	if i.Cause != "" {
		lines = append(lines, i.Cause)
	}
	switch i.Outcome {
	case access.OutcomeGone:
		if i.Group.Directory == access.ImportedDirectory {
			return "Gone: a list that was imported since doesn't name them.", append(lines, "Read on "+i.ReadBack.UTC().Format("2 January 2006, 15:04 MST")+".")
		}
		return "Gone: it was seen in the directory that they aren't in the group any more.", append(lines, "Read back on "+i.ReadBack.UTC().Format("2 January 2006, 15:04 MST")+".")
	case access.OutcomeManual:
		if i.Group.Directory == access.ImportedDirectory {
			return "It is removed by hand.", lines
		}
		return "Latchkey can't remove this: somebody has to do it by hand.", lines
	case access.OutcomeFailed:
		return "It couldn't be removed so far. IT was told, and Latchkey goes on trying.", lines
	case access.OutcomeShared:
		return "They stay in the group.", lines
	case access.OutcomeEnded:
		return "There was nothing left to remove.", lines
	}
	return "It isn't carried out.", lines
}
