package reclaim

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// Then names what follows when the issue of a question about an idle seat exists.
const Then = "reclaim"

// record arranges for the issue of a question: one of its own, or that of the request by which access came, as is configured.
func record(u *engine.Unit, app catalog.App, c access.Reclaim) error {
	name, err := people.ContactIn(u.Tx, c.Person)
	if err != nil {
		return err
	}
	g := access.Grant{App: c.App, Role: c.Role}
	what := g.Label(u.Catalog)
	r := access.IssueReport{ID: c.ID, At: u.At, Title: fmt.Sprintf("Idle seat: %s for %s", what, name)}
	r.App, r.Role = g.Names(u.Catalog)
	r.Lines = append(r.Lines, asked(app, c, name)...)
	original, err := issueOfRequest(u, c)
	switch {
	case err != nil:
		return err
	case c.Rule.Issue == catalog.OriginalIssue && original.Key != "":
		return ledger.ReportOn(u, original, r, Then, about{c.ID})
	}
	return ledger.Report(u, r, Then, about{c.ID})
}

// issueOfRequest is that of the request by which access came; the zero one where there is none.
func issueOfRequest(u *engine.Unit, c access.Reclaim) (access.Issue, error) {
	if c.Request == "" {
		return access.Issue{}, nil
	}
	r, err := u.Request(c.Request)
	if err != nil || r.Issue.Gone {
		return access.Issue{}, err
	}
	return r.Issue, nil
}

// asked are the lines that say what is known, and what happens.
func asked(app catalog.App, c access.Reclaim, name string) []string {
	return []string{
		fmt.Sprintf("%s has a seat of %s that nobody has used since %s, by %s.", name, app.Name, access.FullMoment(c.Seen.Unused()), c.Seen.Source),
		fmt.Sprintf("They were asked whether they still need it, and have until %s to answer. If they don't, and don't use it, it comes back then.", access.FullMoment(c.Until)),
		"It is held by: " + strings.Join(c.Grants, ", ") + ".",
	}
}

// Reported is the room's line in the table of what follows when the issue of a report exists.
func Reported() map[string]ledger.Reported {
	return map[string]ledger.Reported{Then: func(u *engine.Unit, _ access.IssueReport, body json.RawMessage, issue access.Issue) error {
		var a about
		if err := json.Unmarshal(body, &a); err != nil {
			return fmt.Errorf("read which question about an idle seat it is: %w", err)
		}
		c, err := engine.Load(u, reclaims(), a.ID)
		if err != nil {
			return err
		}
		original, err := issueOfRequest(u, c)
		switch {
		case err != nil:
			return err
		case original.ID == issue.ID:
			return opened(u, c, issue, false)
		}
		return errors.Join(ledger.Relate(u, issue, original), opened(u, c, issue, true))
	}}
}

// opened notes the issue, and writes there what has happened since. An issue of its own says already that its holder was asked.
func opened(u *engine.Unit, c access.Reclaim, issue access.Issue, own bool) error {
	e := c.Event(access.EventReclaimIssue, access.System(), u.At)
	e.Issue = &issue
	c, err := engine.Move(u, reclaims(), c, e)
	if err != nil || own && c.State == access.ReclaimAsked {
		return err
	}
	if err := comment(u, c, "opened"); err != nil {
		return err
	}
	return settleIssue(u, c)
}

// tellIssue writes on the issue what happened.
func tellIssue(u *engine.Unit, c access.Reclaim, e access.Event) error {
	if c.Issue.ID == "" || e.Kind == access.EventReclaimDue {
		return nil
	}
	if err := comment(u, c, fmt.Sprint(c.Version)); err != nil {
		return err
	}
	return settleIssue(u, c)
}

// settleIssue brings the issue of a question to where it belongs: its own to how it stands, and that of the request back to where
// access stands once the question is over.
func settleIssue(u *engine.Unit, c access.Reclaim) error {
	original, err := issueOfRequest(u, c)
	own := original.ID != c.Issue.ID
	switch {
	case err != nil, !own && (c.Open() || c.State == access.ReclaimRemoved):
		return err
	case own && c.Open() && c.Outcome == access.ReclaimFailed:
		return ledger.Stand(u, c.Issue, access.IssueStuck)
	case own && c.Open():
		return ledger.Stand(u, c.Issue, access.IssueRunning)
	case own:
		return ledger.Close(u, c.Issue)
	}
	return ledger.Settle(u, c.Request, c.ID) // access goes on: it needn't be open
}

func comment(u *engine.Unit, c access.Reclaim, as string) error {
	name, err := people.ContactIn(u.Tx, c.By.Person)
	if err != nil {
		return err
	}
	title, lines := words(c, name)
	id := c.ID + "/" + as
	return ledger.AddComment(u, ledger.Comment{Marker: id, Issue: c.Issue, Body: access.IssueComment{ID: id, At: u.At, Title: title, Lines: lines}})
}

// words say how a question stands.
func words(c access.Reclaim, by string) (title string, lines []string) {
	if c.Why != "" {
		lines = append(lines, c.Why)
	}
	switch c.State {
	case access.ReclaimAsked:
		return "Its holder was asked whether they still need it.", []string{"They have until " + access.FullMoment(c.Until) + " to answer."}
	case access.ReclaimPostponed:
		return "It was put off.", []string{"Its holder is asked again on " + access.FullMoment(c.Until) + ", if it is still idle."}
	case access.ReclaimChecking:
		return "The time to answer is up, and it isn't known whether it was used: nothing is taken away.", []string{c.Unread}
	case access.ReclaimNeeded:
		return "It is still needed, says " + by + ".", lines
	case access.ReclaimInUse:
		return "It was used again.", []string{"Last use: " + access.FullMoment(c.Seen.Last) + ", by " + c.Seen.Source + "."}
	case access.ReclaimExempt:
		return "It is left out, says " + by + ".", lines
	case access.ReclaimCancelled:
		return "It isn't asked any more.", lines
	case access.ReclaimReturning:
		return "It was given back.", nil
	case access.ReclaimRemoving:
		return "Nobody answered in time, and nobody used it: it is being taken away.", []string{"Its use was read on " + access.FullMoment(c.Seen.Read) + "."}
	}
	if !c.Restored.IsZero() {
		return "It is given back, by the approval that it had before.", nil
	}
	return outcomeWords(c.Outcome), lines
}

// outcomeWords say what became of the access.
func outcomeWords(o access.ReclaimOutcome) string {
	switch o {
	case access.ReclaimGone:
		return "Gone: it was seen in the directory that they aren't in the groups any more."
	case access.ReclaimDowngraded:
		return "Gone, and a lower role was given in its place."
	case access.ReclaimManual:
		return "It was removed by hand, and Latchkey can't see that for itself."
	case access.ReclaimShared:
		return "They stay in the group."
	}
	return "There was nothing left to remove."
}
