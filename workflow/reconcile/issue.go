package reconcile

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// maxAttempts is how often a run begins anew because its issue can't be opened.
// After that it is had without what needs one, which waits for the next turn.
const maxAttempts = 3

// openIssue makes the issue of a run that is going to change something, or finds
// the one that was made when it was begun before.
func (v *survey) openIssue(ctx context.Context, all []finding, leavers []access.PersonID) error {
	if !planned(all, len(leavers)).changed() {
		return nil
	}
	var since time.Time
	if v.task.Begun {
		since = v.task.Created
	}
	issue, err := v.reports.OpenReport(ctx, v.issueReport(all, leavers), since)
	if err != nil {
		return fmt.Errorf("open the issue of the reconciliation %s: %w", v.id(), err)
	}
	v.issue = issue
	return v.follow(ctx, all, leavers)
}

// runs is how long a run may take: what it changes is followed once it is over, or was given up.
const runs = time.Hour

// follow has the issue stand as what is removed because of the run, and closed once all of that is over.
func (v *survey) follow(ctx context.Context, all []finding, leavers []access.PersonID) error {
	f := ledger.Followed{ID: v.id(), Issue: v.issue, People: leavers, Before: v.At, Found: true}
	if does := planned(all, len(leavers)); does.removed+does.ended > 0 {
		f.Done = "Done: nothing of what had to go is left. It was seen to be gone, or is needed by something else, or whoever makes such changes says so."
	}
	return v.units.Update(ctx, func(u *engine.Unit) error {
		if err := ledger.Stand(u, v.issue, access.IssueRunning); err != nil {
			return err
		}
		return ledger.FollowFrom(u, f, u.At.Add(runs))
	})
}

// unrecorded says what follows when the issue can't be opened: the run begins anew
// while that may help, and goes on without otherwise.
func (v *survey) unrecorded(ctx context.Context, err error) error {
	f := access.Classify(err)
	passing := f.Class != access.Denied && f.Class != access.Rejected
	if ctx.Err() != nil || passing && (v.task.Attempts < maxAttempts || f.After > 0) {
		return err
	}
	v.log.Warn("the issue of a reconciliation can't be opened", "run", v.id(), "error", err)
	v.Problems = append(v.Problems, "Nothing was adopted or removed, because the issue that says why can't be opened: "+f.Sentence)
	return nil
}

// listedInIssue is how many findings the issue's description names one by one. The
// comments name those that were changed, all of them.
const listedInIssue = 100

func (v *survey) issueReport(all []finding, leavers []access.PersonID) access.IssueReport {
	r := access.IssueReport{ID: v.id(), At: v.At, Title: "Reconciliation: " + strings.Join(planned(all, len(leavers)).words(toDo()), ", ")}
	r.Lines = append(r.Lines, "Latchkey compared who is in the governed groups with what was asked for. What it changes because of that is written here.")
	var lines []string
	for _, who := range leavers {
		lines = append(lines, fmt.Sprintf("%s has left: what they hold ends, what they asked for is cancelled.", v.names[who]))
	}
	for _, f := range all {
		if f.do != tell {
			lines = append(lines, fmt.Sprintf("%s: %s", f.place(), f.intent()))
		}
	}
	if more := len(lines) - listedInIssue; more > 0 {
		lines = append(lines[:listedInIssue], fmt.Sprintf("… and %d more", more))
	}
	r.Lines = append(r.Lines, lines...)
	return r
}

// place says where somebody was found.
func (f finding) place() string {
	in := make([]string, len(f.found.Groups))
	for i, ref := range f.found.Groups {
		in[i] = ref.String()
	}
	return fmt.Sprintf("%s in %s, with no request", f.name, strings.Join(in, ", "))
}

// keptFor is how long an adopted membership is kept: what the app says, and never
// longer than the role can be held.
func (f finding) keptFor() time.Duration {
	long := f.app.AdoptFor
	for _, r := range f.app.Roles {
		if most := r.Durations.Max; r.ID == f.found.Role && most != catalog.Forever && (long == catalog.Forever || long > most) {
			return most
		}
	}
	return long
}

func (f finding) intent() string {
	switch {
	case f.do == adopt && f.keptFor() == catalog.Forever:
		return "adopted, with no end"
	case f.do == adopt:
		return "adopted for " + catalog.FormatDuration(f.keptFor())
	case f.left:
		return "removed, because they have left"
	}
	return "removed, as the policy of " + f.app.Name + " says"
}

// change is a finding and the grant that was made of it.
type change struct {
	finding
	grant access.Grant
}

func (c change) line() string {
	switch {
	case c.do == remove:
		return fmt.Sprintf("%s: being removed (grant %s)", c.place(), c.grant.ID)
	case c.grant.Ends.IsZero():
		return fmt.Sprintf("%s: adopted with no end (grant %s)", c.place(), c.grant.ID)
	}
	return fmt.Sprintf("%s: adopted until %s (grant %s)", c.place(), c.grant.Ends.UTC().Format("2 Jan 2006 15:04 MST"), c.grant.ID)
}

// comment has the run's issue told what was changed.
func (v *survey) comment(u *engine.Unit, done []change) error {
	if len(done) == 0 {
		return nil
	}
	lines := make([]string, len(done))
	for i, c := range done {
		lines[i] = c.line()
	}
	id := v.id() + "/" + done[0].grant.ID
	return ledger.AddComment(u, ledger.Comment{Marker: id, Issue: v.issue, Body: access.IssueComment{
		ID: id, At: u.At, Lines: lines,
		Title: "Latchkey explained these memberships by grants. What is being removed is gone once it was read back.",
	}})
}
