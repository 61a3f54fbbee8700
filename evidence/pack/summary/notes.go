package summary

import (
	"fmt"
	"slices"

	"latchkey/evidence/pack"
)

// Note is something that an auditor would ask about, told by the pack itself.
type Note struct {
	Kind  NoteKind `json:"kind"`            // what it is about
	Words string   `json:"words"`           // the same in a sentence
	Count int      `json:"count"`           // of rows, groups or reviewers it is about
	About []string `json:"about,omitempty"` // the first of them, by id
}

// NoteKind is what a note is about.
type NoteKind string

// What notes are about, in the order in which they are told.
const (
	NotProven     NoteKind = "population_not_proven"
	Accepted      NoteKind = "population_accepted"
	RowsDiffer    NoteKind = "rows_differ_from_population"
	OwnAccess     NoteKind = "own_access"
	InConflict    NoteKind = "conflict_of_interest"
	NotLooked     NoteKind = "conflicts_not_looked_for"
	NoAnswerNote  NoteKind = "no_answer"
	NoReviewNote  NoteKind = "no_reviewer"
	OpenNote      NoteKind = "open"
	Late          NoteKind = "answered_late"
	PrivBulk      NoteKind = "privileged_in_bulk"
	PrivNoReason  NoteKind = "privileged_kept_without_reason"
	RevokeReason  NoteKind = "revoked_without_reason"
	NotGone       NoteKind = "removal_not_done"
	NoRemoval     NoteKind = "revoked_without_removal"
	NotChecked    NoteKind = "removal_not_checked_again"
	RestoredNote  NoteKind = "restored"
	LeaverNote    NoteKind = "leaver"
	Quick         NoteKind = "answered_quickly"
	ChangedNote   NoteKind = "changed_since_snapshot"
	NoTime        NoteKind = "time_not_recorded"
	OutsidePeriod NoteKind = "outside_period"
)

// noteWords are the notes in their order: one, or "%d things that…".
func noteWords() []struct {
	kind NoteKind
	one  string
	many string
} {
	return []struct {
		kind NoteKind
		one  string
		many string
	}{
		{NotProven, "One group's list of members is not proven to be whole.", "The lists of members of %d groups are not proven to be whole."},
		{Accepted, "The list of one group's members is not proven by itself, and somebody accepted it by name.", "The lists of %d groups' members are not proven by themselves, and somebody accepted them by name."},
		{RowsDiffer, "In one group there are not as many rows in this review as were stored less those excluded.", "In %d groups there are not as many rows in this review as were stored less those excluded."},
		{OwnAccess, "One row was answered by the person whose access it is.", "%d rows were answered by the person whose access it is."},
		{InConflict, "One reviewer has a conflict of interest about which nothing was done.", "%d reviewers have conflicts of interest about which nothing was done."},
		{NotLooked, "Of one reviewer it is not known whether there is a conflict of interest.", "Of %d reviewers it is not known whether there is a conflict of interest."},
		{NoAnswerNote, "One row was answered by nobody; the rule for that decided.", "%d rows were answered by nobody; the rule for that decided."},
		{NoReviewNote, "For one row nobody could be found who reviews it; the rule for that decided.", "For %d rows nobody could be found who reviews them; the rule for that decided."},
		{OpenNote, "One row still waits for an answer.", "%d rows still wait for an answer."},
		{Late, "One row was answered after the due date.", "%d rows were answered after the due date."},
		{PrivBulk, "One privileged row was answered at once with others.", "%d privileged rows were answered at once with others."},
		{PrivNoReason, "One privileged row was kept without a reason.", "%d privileged rows were kept without a reason."},
		{RevokeReason, "One row was revoked without a reason.", "%d rows were revoked without a reason."},
		{NoRemoval, "One row was revoked, and no removal is recorded.", "%d rows were revoked, and no removal is recorded."},
		{NotGone, "One revoked membership is not seen to be gone.", "%d revoked memberships are not seen to be gone."},
		{NotChecked, "One removal was not checked again before the campaign closed.", "%d removals were not checked again before the campaign closed."},
		{RestoredNote, "One removal was taken back: the access was given anew.", "%d removals were taken back: the access was given anew."},
		{LeaverNote, "One person who has left was in the population.", "%d people who have left were in the population."},
		{Quick, "One row was answered by itself in less than 3 seconds.", "%d rows were answered by themselves in less than 3 seconds."},
		{NoTime, "Of one answer it is not recorded how long it took.", "Of %d answers it is not recorded how long they took."},
		{ChangedNote, "In one row something changed between the snapshot and the decision.", "In %d rows something changed between the snapshot and the decision."},
		{OutsidePeriod, "The last decision, removal or check came after the end of the period under review.", ""},
	}
}

// notes gather what is noted, with the first of what each note is about.
type notes map[NoteKind]*Note

// noteExamples is how many ids a note has at most.
const noteExamples = 25

func (n *notes) add(k NoteKind, about string) {
	if *n == nil {
		*n = notes{}
	}
	if (*n)[k] == nil {
		(*n)[k] = &Note{Kind: k}
	}
	it := (*n)[k]
	it.Count++
	if len(it.About) < noteExamples && about != "" {
		it.About = append(it.About, about)
	}
}

func (n *notes) list() []Note {
	out := []Note{}
	for _, w := range noteWords() {
		it := (*n)[w.kind]
		if it == nil {
			continue
		}
		it.Words = w.one
		if it.Count > 1 {
			it.Words = fmt.Sprintf(w.many, it.Count)
		}
		out = append(out, *it)
	}
	return out
}

// campaign notes what is not about single rows.
func (n *notes) campaign(c pack.Campaign, t *Summary) {
	for i, g := range c.Groups {
		switch p := g.Population; {
		case !p.Stands():
			n.add(NotProven, g.Key)
		case p.Difference != nil && p.Difference.By != pack.Actor{}:
			n.add(Accepted, g.Key)
		}
		if t.Groups[i].Rows != g.Population.Rows-g.Population.Left {
			n.add(RowsDiffer, g.Key)
		}
	}
	for _, r := range c.Reviewers {
		if k := r.Conflicts.Knowledge(); k != pack.Known && k != pack.None {
			n.add(NotLooked, r.ID)
		}
		if slices.ContainsFunc(r.Conflicts.Value, func(f pack.Conflict) bool { return f.Solved == "" }) {
			n.add(InConflict, r.ID)
		}
	}
	for _, l := range c.Leavers {
		if len(l.Rows) > 0 {
			n.add(LeaverNote, l.Person.Account)
		}
	}
	if last := t.Timeliness; !c.Period.To.IsZero() && later(later(last.LastDecision, last.LastRemoval), last.LastCheck).After(c.Period.To) {
		n.add(OutsidePeriod, "")
	}
}

// row notes what is about one row.
func (n *notes) row(c pack.Campaign, r pack.Row) {
	n.answered(c, r)
	if r.Changes.Known() && len(r.Changes.Value) > 0 {
		n.add(ChangedNote, r.ID)
	}
	switch r.Outcome.How {
	case pack.NobodySpoke, pack.ByAdvice:
		n.add(NoAnswerNote, r.ID)
	case pack.NobodyFound:
		n.add(NoReviewNote, r.ID)
	case pack.StillOpen:
		n.add(OpenNote, r.ID)
	}
	n.removed(c, r)
}

// answered notes what is about the answers that count.
func (n *notes) answered(c pack.Campaign, r pack.Row) {
	for _, a := range r.Answers {
		if a.Undone != nil || a.Verdict == pack.NotMine {
			continue
		}
		if a.By.Person != "" && a.By.Person == r.Person.ID {
			n.add(OwnAccess, r.ID)
		}
		if !c.Times.Due.IsZero() && a.At.After(c.Times.Due) {
			n.add(Late, r.ID)
		}
		if r.Privileged && a.Bulk {
			n.add(PrivBulk, r.ID)
		}
		if a.Reason == "" && a.Verdict == pack.Keep && r.Privileged {
			n.add(PrivNoReason, r.ID)
		}
		if a.Reason == "" && a.Verdict == pack.Revoke {
			n.add(RevokeReason, r.ID)
		}
		n.timed(r, a)
	}
}

func (n *notes) timed(r pack.Row, a pack.Answer) {
	switch {
	case !a.Seconds.Known():
		n.add(NoTime, r.ID)
	case !a.Bulk && a.Seconds.Value < quick:
		n.add(Quick, r.ID)
	}
}

// removed notes what is about the removal of a row.
func (n *notes) removed(c pack.Campaign, r pack.Row) {
	switch m := r.Removal; {
	case m == nil:
		if r.Outcome.Verdict == pack.Revoke && r.Outcome.How != pack.StillOpen && r.Outcome.How != pack.GoneMeanwhile {
			n.add(NoRemoval, r.ID)
		}
	default:
		if m.Result != pack.Gone && m.Result != pack.Ended && m.Result != pack.Kept {
			n.add(NotGone, r.ID)
		}
		if c.Status == pack.Closed && !m.Checked.Known() {
			n.add(NotChecked, r.ID)
		}
		if len(m.Restored) > 0 {
			n.add(RestoredNote, r.ID)
		}
	}
}
