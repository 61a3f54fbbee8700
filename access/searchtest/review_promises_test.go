package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// This file is what a review promises, in words of its own: nothing here asks what is shipped.

// promises are those that hold of every step.
func (w *reviewWorld) promises(before, s reviewState) string {
	for _, promise := range []func(before, s reviewState) string{w.whoIsAsked, w.decided, w.undone, w.order, w.outcomes, w.taken, w.counted, w.closing, w.held, w.proven, w.stays} {
		if broken := promise(before, s); broken != "" {
			return broken
		}
	}
	return ""
}

// trials are what is tried in every state.
func (w *reviewWorld) trials(s reviewState) string {
	for _, i := range s.Rows {
		if broken := w.tries(s, i); broken != "" {
			return broken
		}
	}
	return w.triesCampaign(s)
}

// R8. Nobody is asked about themselves.
func (w *reviewWorld) whoIsAsked(_, s reviewState) string {
	for _, i := range s.Rows {
		if slices.Contains(i.Reviewers, i.Person) {
			return "R8. somebody is asked about themselves"
		}
	}
	return ""
}

// R2. What a row comes to follows from the answers that count, by its strategy, or from what is configured for silence.
func (w *reviewWorld) decided(before, s reviewState) string {
	for n, i := range s.Rows {
		if i.State == access.ItemOpen && i.Decision != access.DecisionNone || i.State != access.ItemOpen && i.Decision == access.DecisionNone {
			return "R2. a row is open and decided, or neither"
		}
		if i.State == access.ItemDecided && i.Decision == access.DecisionRevoke && !i.Enforce.Equal(i.Decided.Add(w.undo)) {
			return "R9. a removal begins at another time than is configured, or never"
		}
		switch i.Grounds {
		case "":
			if i.State != access.ItemOpen {
				return "R2. a row is decided on no grounds"
			}
			if v := w.comesTo(s, i, false); v != access.DecisionNone && v != "silence" {
				return "R2. answers determine a row, and it stays open"
			}
		case access.ByAnswers:
			if v := w.comesTo(s, i, s.C.State != access.CampaignOpen || !s.C.Over.IsZero() || i.Stage < s.C.Stage); v != i.Decision {
				return "R2. a row becomes something else than its answers say"
			}
		default:
			if broken := w.silent(before, s, n); broken != "" {
				return broken
			}
		}
	}
	return ""
}

// silent looks at a row that was determined by what is configured.
func (w *reviewWorld) silent(before, s reviewState, n int) string {
	i := s.Rows[n]
	if n < len(before.Rows) && before.Rows[n].Grounds == i.Grounds {
		return ""
	}
	if v := w.comesTo(s, i, true); v == access.DecisionKeep || v == access.DecisionRevoke {
		return "R2. a row that was answered becomes what is configured for silence"
	}
	want := access.ReviewDecision("")
	says := w.unanswered
	if i.Grounds == access.ByNobody {
		says = w.nobody
	}
	switch {
	case i.LeftToIT != "", says == catalog.KeepAccess:
		want = access.DecisionKeep
	case says == catalog.RevokeAccess:
		want = access.DecisionRevoke
	case says == catalog.Recommended && w.recommends == access.RecommendKeep:
		want = access.DecisionKeep
	case says == catalog.Recommended && w.recommends == access.RecommendRevoke:
		want = access.DecisionRevoke
	}
	if i.Decision != want {
		return "R2. a row that nobody answered becomes what nobody configured"
	}
	return ""
}

// comesTo is what answers come to, by the table of the strategies; "silence" where only silence determines it.
func (w *reviewWorld) comesTo(s reviewState, i access.ReviewItem, final bool) access.ReviewDecision {
	keeps, revokes, silent := 0, 0, 0
	var last access.ReviewDecision
	for _, who := range i.Reviewers {
		said := access.DecisionNone
		for _, a := range s.Said {
			if a.By.Person == who && a.Stage == i.Stage && int(a.Took) == i.Row && (!i.Privileged || a.Reason != "" || a.Decision != access.DecisionKeep) {
				said = a.Decision
			}
		}
		switch said {
		case access.DecisionKeep:
			keeps++
			last = said
		case access.DecisionRevoke:
			revokes++
			last = said
		default:
			silent++
		}
	}
	if i.AnyOne {
		return last
	}
	over := final || silent == 0
	switch w.stages[min(i.Stage, len(w.stages)-1)] {
	case catalog.OneKeepKeeps:
		return pick(keeps > 0, access.DecisionKeep, pick(revokes > 0 && over, access.DecisionRevoke, ""))
	case catalog.AllMustKeep:
		return pick(revokes > 0, access.DecisionRevoke, pick(keeps > 0 && silent == 0, access.DecisionKeep, ""))
	case catalog.OneRevokeRevokes:
		return pick(revokes > 0, access.DecisionRevoke, pick(keeps > 0 && over, access.DecisionKeep, ""))
	case catalog.KeptUnlessRevoke:
		if len(i.Reviewers) == 0 {
			return pick(final, "silence", "")
		}
		return pick(revokes > 0, access.DecisionRevoke, pick(over, access.DecisionKeep, ""))
	}
	return ""
}

func pick(if_ bool, then, otherwise access.ReviewDecision) access.ReviewDecision {
	if if_ {
		return then
	}
	return otherwise
}

// R9. A removal begins once nobody can take the answer back any more, and not before.
func (w *reviewWorld) undone(before, s reviewState) string {
	for n, i := range s.Rows {
		if n >= len(before.Rows) || before.Rows[n].State == i.State {
			continue
		}
		was := before.Rows[n]
		switch {
		case i.State == access.ItemRevoking && (was.State != access.ItemDecided || s.At.Before(was.Decided.Add(w.undo))):
			return "R9. a removal begins while the answer can be taken back"
		case i.State == access.ItemSettled && was.State == access.ItemOpen:
			return "R5. a row is settled that nobody decided"
		case was.State == access.ItemSettled, was.State == access.ItemRevoking && i.State != access.ItemSettled:
			return "R5. what is being removed, or is done, isn't any more"
		}
	}
	return ""
}

// R6. Stages come one after the other, and what was revoked goes on to none.
func (w *reviewWorld) order(before, s reviewState) string {
	if s.C.Stage != before.C.Stage && (s.C.Stage != before.C.Stage+1 || before.C.Over.IsZero() || before.C.Early) {
		return "R6. stages come in another order, or without the end of the one before"
	}
	switch {
	case s.C.Stage != before.C.Stage && (s.Ended || s.C.Escalated > 0 || !s.C.Answers()):
		return "R6. a stage begins after the review was ended, or is over when it begins, or late"
	case s.C.ToIT > 0 && before.C.ToIT == 0 && (!s.C.Answers() || !s.C.Due.IsZero()):
		return "R2. rows are left to IT, and IT can't answer them"
	}
	for n, i := range s.Rows {
		if n >= len(before.Rows) {
			continue
		}
		was := before.Rows[n]
		switch {
		case i.Stage != was.Stage && (i.Stage != was.Stage+1 || was.Decision == access.DecisionRevoke):
			return "R6. what was revoked goes on to another stage"
		case i.Stage >= len(w.stages):
			return "R6. there is a stage that nobody configured"
		case i.Stage != was.Stage && !slices.Equal(i.Reviewers, w.reviewers(i.Row, i.Stage)):
			return "R6. others are asked in a stage than it says"
		case i.Stage != was.Stage && i.State != access.ItemOpen:
			return "R6. a stage begins with what the one before said"
		}
	}
	return ""
}

// R5. Each row is settled once; what a human has to do, or what failed, may come right later.
func (w *reviewWorld) outcomes(before, s reviewState) string {
	for n, i := range s.Rows {
		if i.Outcome != "" && i.State != access.ItemSettled || i.State == access.ItemSettled && i.Outcome == "" {
			return "R5. a row is settled without an outcome, or has one before"
		}
		if i.Outcome == access.OutcomeGone && i.ReadBack.IsZero() {
			return "R5. it is gone, and nobody says when that was seen"
		}
		if n >= len(before.Rows) {
			continue
		}
		open := []access.ReviewOutcome{access.OutcomeManual, access.OutcomeFailed, access.OutcomeShared, ""}
		if was := before.Rows[n].Outcome; was != i.Outcome && !slices.Contains(open, was) {
			return "R5. a row is settled twice"
		}
		if i.Outcome == access.OutcomeKept && i.Decision != access.DecisionKeep {
			return "R5. what was revoked is settled as kept"
		}
	}
	return ""
}

// R3. Nobody is taken out of a group whom nobody revoked there, and nothing that another grant keeps.
func (w *reviewWorld) taken(before, s reviewState) string {
	if s.Taken == before.Taken {
		return ""
	}
	if len(s.Rows) == 0 || s.Rows[0].Decision != access.DecisionRevoke {
		return "R3. somebody is taken out whom nobody revoked"
	}
	for _, g := range s.Grants {
		if g.State == access.GrantActive && g.Created.After(s.C.Read) && g.Source != access.SourceAdopted {
			return "R3. somebody is taken out of what another grant keeps"
		}
	}
	return ""
}

// R10. Lists say what can be counted of the rows.
func (w *reviewWorld) counted(_, s reviewState) string {
	for _, l := range s.Lists {
		if l.Done || l.Stage != s.list() {
			continue
		}
		var rows, left int
		for _, i := range s.Rows {
			if i.List() != l.Stage || !slices.Contains(i.Reviewers, l.Reviewer) {
				continue
			}
			rows++
			said := slices.ContainsFunc(s.Said, func(a access.ReviewAnswer) bool {
				counts := !i.Privileged || a.Decision != access.DecisionKeep || a.Reason != ""
				return a.By.Person == l.Reviewer && a.Stage == i.Stage && int(a.Took) == i.Row && counts
			})
			if !said && i.State == access.ItemOpen {
				left++
			}
		}
		if l.Rows != rows || l.Left() != left {
			return "R10. a list says something else than its rows"
		}
	}
	return ""
}

// R1. Nothing revoked is left unsettled when it closes, nothing undecided, and what was removed was looked at again.
func (w *reviewWorld) closing(before, s reviewState) string {
	if s.C.State == access.CampaignEnforcing && before.C.State == access.CampaignOpen {
		for _, i := range s.Rows {
			if i.State == access.ItemOpen {
				return "R1. nobody answers any more, and a row is undecided"
			}
		}
	}
	if s.C.State != access.CampaignClosed {
		return ""
	}
	for _, i := range s.Rows {
		switch {
		case i.Decision == access.DecisionRevoke && i.State != access.ItemSettled:
			return "R1. it closes, and what was revoked is not settled"
		case i.Decision == access.DecisionRevoke && i.Rechecked.IsZero():
			return "R1. it closes, and what was revoked was not looked at again"
		case i.Row == 1 && i.Outcome == access.OutcomeGone && s.In && !i.Back && s.Back == 0:
			return "R1. it closes, and what is called gone is there"
		case i.Decision == access.DecisionNone:
			return "R1. it closes, and a row is undecided"
		}
	}
	return ""
}

// R14. What people have to remove by hand holds a review open for a week, unless IT closes it before, and no longer.
func (w *reviewWorld) held(before, s reviewState) string {
	if before.C.State != access.CampaignEnforcing || !slices.ContainsFunc(s.Rows, func(i access.ReviewItem) bool { return i.Outcome == access.OutcomeManual }) {
		return ""
	}
	week := s.C.DecidedAt.Add(catalog.Week)
	switch {
	case s.C.State == access.CampaignClosed && s.C.ClosedBy.Person == "" && s.At.Before(week):
		return "R14. it closes while people still have time to remove what they remove by hand"
	case s.C.State == access.CampaignEnforcing && s.progress().Open == 0 && s.C.Recheckeds > 0 && s.C.RecheckAt.After(week):
		return "R14. it is held open for longer than people have"
	}
	return ""
}

// R12. What isn't proven to be everybody starts only once somebody accepts it by name, with a reason.
func (w *reviewWorld) proven(before, s reviewState) string {
	begun := s.C.State == access.CampaignOpen && before.C.State != access.CampaignOpen
	if begun && (s.C.Snapshot == "" || len(s.C.Unproven) > 0 && (s.C.Accepted == nil || s.C.Accepted.By.Person == "" || s.C.Accepted.Why == "")) {
		return "R12. it starts, and it isn't certain that everybody was read"
	}
	if s.C.State == access.CampaignReading && (s.C.Snapshot != "" || s.C.Accepted != nil || len(s.C.Unproven) > 0) {
		return "R12. it is read anew, and what was read before counts"
	}
	return ""
}

// R13. What was cancelled, or is closed, stays so; what was revoked stays revoked.
func (w *reviewWorld) stays(before, s reviewState) string {
	if (before.C.State == access.CampaignCancelled || before.C.State == access.CampaignClosed) && s.C.State != before.C.State {
		return "R13. what was over goes on"
	}
	for n, i := range s.Rows {
		if before.C.State == access.CampaignCancelled && n < len(before.Rows) && i.State == access.ItemRevoking && before.Rows[n].State != access.ItemRevoking {
			return "R13. a removal begins after the review was cancelled"
		}
	}
	return ""
}

// tries tries on a row what mustn't be, and what has to be.
func (w *reviewWorld) tries(s reviewState, i access.ReviewItem) string {
	if broken := w.triesAnswers(s, i); broken != "" {
		return broken
	}
	can := func(kind access.EventKind, fill func(*access.ReviewDetails)) bool {
		e := i.Event(kind, access.System(), s.At)
		fill(e.Review)
		_, _, err := i.Apply(e, s.At)
		return err == nil
	}
	early := s.At.Before(i.Enforce)
	revoked := i.Decision == access.DecisionRevoke
	for _, one := range []struct {
		kind access.EventKind
		fill func(*access.ReviewDetails)
		may  bool
		why  string
	}{
		{access.EventRowSettled, func(r *access.ReviewDetails) { r.Outcome = access.OutcomeGone }, revoked && (i.State == access.ItemRevoking || i.State == access.ItemDecided && !early || reopen(i)), "R5. a row is called gone that isn't to be removed yet, or can't be when it is"},
		{access.EventRowSettled, func(r *access.ReviewDetails) { r.Outcome = access.OutcomeKept }, i.State == access.ItemDecided && i.Decision == access.DecisionKeep, "R5. a row is called kept that was revoked, or nobody decided, or can't be"},
		{access.EventRowSettled, func(*access.ReviewDetails) {}, false, "R5. a row is settled with no outcome"},
		{access.EventRowRevoking, func(r *access.ReviewDetails) { r.Ends = []string{"G-9"} }, revoked && (i.State == access.ItemDecided && !early || i.State == access.ItemRevoking && len(i.Ends) == 0), "R9. a removal begins that mustn't, or twice, or can't"},
		{access.EventRowRevoking, func(*access.ReviewDetails) {}, revoked && i.State == access.ItemDecided && !early, "R9. a removal begins of which nobody says what ends, or can't begin"},
		{access.EventRowDecided, func(*access.ReviewDetails) {}, i.State == access.ItemOpen && w.final(s, i), "R2. a row is decided by nothing"},
		{access.EventRowDecided, func(r *access.ReviewDetails) { r.Decision = access.DecisionRevoke }, i.State == access.ItemOpen && w.final(s, i), "R2. a row is revoked on no grounds"},
		{access.EventRowDecided, func(r *access.ReviewDetails) { r.Decision, r.Grounds = access.DecisionNotMine, access.BySilence }, i.State == access.ItemOpen && w.final(s, i), "R2. a row is decided by what determines nothing"},
		{access.EventRowRechecked, func(r *access.ReviewDetails) { r.Outcome = access.OutcomeGone }, revoked && i.State == access.ItemSettled, "R1. what wasn't removed is looked at again, or what was can't be"},
		{access.EventRowReassigned, func(r *access.ReviewDetails) { r.Reviewers = []access.PersonID{i.Person} }, false, "R8. a row is given to whom it is about"},
		{access.EventRowStage, func(r *access.ReviewDetails) { r.Reviewers = []access.PersonID{tess.id()} }, (i.State == access.ItemOpen || i.State == access.ItemDecided) && !revoked && i.Stage+1 < len(w.stages), "R6. a row goes on to a stage that there isn't, or after it was revoked"},
		{access.EventRowRestored, func(r *access.ReviewDetails) { r.Ends = []string{"GR-9"} }, w.restorable(s, i), "R4. what isn't gone, or too long ago, or was given back, is given back; or can't be in time"},
	} {
		if can(one.kind, one.fill) != one.may {
			return one.why
		}
	}
	for _, issue := range []*access.Issue{nil, {}, {ID: "1", Key: "IT-1"}} {
		e := i.Event(access.EventRowIssue, access.System(), s.At)
		e.Issue = issue
		_, _, err := i.Apply(e, s.At)
		if (err == nil) != (issue != nil && issue.Key != "" && (i.State == access.ItemRevoking || i.State == access.ItemSettled)) {
			return "R5. a removal has an issue that there isn't, or can't have the one that there is"
		}
	}
	if why := keptStays(i, s.At); why != "" {
		return why
	}
	if i.CanBeRestored(s.At) != (w.restorable(s, i) && i.Grant != "") {
		return "R4. it is shown that something can be given back that can't, or the other way round"
	}
	return ""
}

// keptStays tries on a row that is kept what is for those that were revoked.
func keptStays(i access.ReviewItem, at time.Time) string {
	e := i.Event(access.EventRowSettled, access.System(), at)
	e.Review.Outcome = access.OutcomeKept
	i, _, err := i.Apply(e, at)
	if err != nil {
		return ""
	}
	for _, kind := range []access.EventKind{access.EventRowRechecked, access.EventRowRestored, access.EventRowRevoking} {
		e := i.Event(kind, access.System(), at)
		e.Review.Outcome = access.OutcomeGone
		if _, _, err := i.Apply(e, at); err == nil {
			return "R5. what is kept is dealt with as if it had been revoked"
		}
	}
	return ""
}

// final tells whether the answers of a row determine it where no more come.
func (w *reviewWorld) final(s reviewState, i access.ReviewItem) bool {
	return w.comesTo(s, i, true) != access.DecisionNone
}

// reopen tells of a settled row that it may come right.
func reopen(i access.ReviewItem) bool {
	return i.State == access.ItemSettled && slices.Contains([]access.ReviewOutcome{access.OutcomeManual, access.OutcomeFailed, access.OutcomeShared}, i.Outcome)
}

func (w *reviewWorld) restorable(s reviewState, i access.ReviewItem) bool {
	gone := i.State == access.ItemSettled && i.Decision == access.DecisionRevoke && (i.Outcome == access.OutcomeGone || i.Outcome == access.OutcomeEnded)
	since := i.ReadBack
	if since.IsZero() {
		since = i.Decided
	}
	return gone && i.Restored.IsZero() && s.At.Sub(since) <= w.restore
}

// R7, R8. Who may answer: those who are asked, in the stage that goes on, about somebody else, while nothing is carried out.
func (w *reviewWorld) triesAnswers(s reviewState, i access.ReviewItem) string {
	if key := rowKey(i); w.tried[key] {
		return ""
	} else {
		w.tried[key] = true
	}
	open := i.State == access.ItemOpen || i.State == access.ItemDecided
	for _, p := range []person{nobody, maya, noor, omar, ines, tess} {
		for _, f := range []person{nobody, maya, noor, omar} {
			for _, bulk := range []bool{false, true} {
				for _, stage := range []int{i.Stage, i.Stage + 1} {
					as := f
					if f == nobody {
						as = p
					}
					e := i.Event(access.EventRowAnswered, p.actor(), s.At)
					e.For, e.Stage = f.id(), stage
					e.Review.Decision, e.Review.Bulk = access.DecisionKeep, bulk
					_, _, err := i.Apply(e, s.At)
					may := open && p != nobody && p.id() != i.Person && f.id() != i.Person && slices.Contains(i.Reviewers, as.id()) && stage == i.Stage && !(bulk && i.Privileged)
					if (err == nil) != may {
						return "R8. somebody answers who may not, or can't who may"
					}
				}
			}
		}
	}
	e := i.Event(access.EventRowAnswered, person(tess).actor(), s.At)
	e.Review.Decision = "perhaps"
	if _, _, err := i.Apply(e, s.At); err == nil {
		return "R2. an answer is taken that is none"
	}
	return ""
}

// triesCampaign tries on the campaign what mustn't be.
func (w *reviewWorld) triesCampaign(s reviewState) string {
	can := func(kind access.EventKind, by person, reason string, r access.ReviewDetails) bool {
		e := s.C.Event(kind, by.actor(), s.At)
		e.Reason, e.Review = reason, &r
		_, _, err := s.C.Apply(e, s.At)
		return err == nil
	}
	for _, strategy := range catalog.ReviewStrategies() {
		if access.Determined(strategy, nil, nil, false) != access.DecisionNone {
			return "R2. nobody is asked, and that determines a row"
		}
	}
	for _, more := range []func(reviewState) string{w.triesReminder, w.triesEnd, w.triesGivingBack} {
		if why := more(s); why != "" {
			return why
		}
	}
	later, waits := s.At.Add(time.Hour), s.C.State == access.CampaignOpen && !s.C.Over.IsZero()
	for _, one := range []struct {
		may bool
		is  bool
		why string
	}{
		{s.C.State == access.CampaignUnproven, can(access.EventPopulationAccepted, tess, hint, access.ReviewDetails{}), "R12. what isn't proven can't be accepted, or what is can"},
		{false, can(access.EventPopulationAccepted, nobody, hint, access.ReviewDetails{}), "R12. nobody accepts what isn't proven"},
		{false, can(access.EventPopulationAccepted, tess, " ", access.ReviewDetails{}), "R12. it is accepted without a reason"},
		{s.C.State == access.CampaignDraft, can(access.EventCampaignStarted, tess, "", access.ReviewDetails{Due: later}), "R12. it starts before it was read, or twice, or can't"},
		{false, can(access.EventCampaignStarted, tess, "", access.ReviewDetails{Due: s.At}), "R6. it starts and is over"},
		{false, can(access.EventCampaignRead, nobody, "", access.ReviewDetails{}), "R12. it was read, and nothing was"},
		{waits, can(access.EventDecidingOver, nobody, "", access.ReviewDetails{}), "R7. deciding is over before its time, or can't be"},
		{waits && s.C.Stage+1 < len(w.stages) && !s.C.Early, can(access.EventStageBegun, nobody, "", access.ReviewDetails{Due: later}), "R6. a stage begins that there isn't, or before its time, or can't"},
		{false, can(access.EventStageBegun, nobody, "", access.ReviewDetails{Due: s.At}), "R6. a stage begins and is over"},
		{waits, can(access.EventRowsLeftToIT, nobody, "", access.ReviewDetails{Left: 1}), "R2. rows are left to IT before their time, or can't be"},
		{false, can(access.EventRowsLeftToIT, nobody, "", access.ReviewDetails{}), "R2. nothing is left to IT"},
		{s.C.State == access.CampaignOpen && s.C.Over.IsZero(), can(access.EventStageOver, nobody, "", access.ReviewDetails{}), "R7. the time to answer ends twice, or can't"},
		{s.C.State == access.CampaignEnforcing && s.C.Recheckeds > 0, can(access.EventCampaignClosed, nobody, "", access.ReviewDetails{Progress: &access.Progress{Revoked: 1}}), "R1. it closes without a look at what was removed, or can't"},
		{false, can(access.EventCampaignClosed, nobody, "", access.ReviewDetails{Progress: &access.Progress{Open: 1}}), "R1. it closes while something is being removed"},
		{s.C.State == access.CampaignClosed, can(access.EventPackMade, nobody, "", access.ReviewDetails{Hash: "x"}), "R1. there is a pack of what isn't closed, or can't be"},
		{false, can(access.EventPackMade, nobody, "", access.ReviewDetails{}), "R1. there is a pack, and there isn't"},
		{s.C.State == access.CampaignReading || s.C.State == access.CampaignUnproven || s.C.State == access.CampaignDraft || s.C.State == access.CampaignOpen, can(access.EventCampaignCancelled, tess, hint, access.ReviewDetails{}), "R13. what is over is cancelled, or what goes on can't be"},
	} {
		if one.is != one.may {
			return one.why
		}
	}
	return ""
}

// triesReminder tells those again who haven't answered, before it is time and when it is.
func (w *reviewWorld) triesReminder(s reviewState) string {
	e := s.C.Event(access.EventReviewersReminded, access.System(), s.At)
	e.Review = &access.ReviewDetails{}
	_, _, err := s.C.Apply(e, s.At)
	if may := s.C.State == access.CampaignOpen && !s.C.Remind.IsZero() && !s.At.Before(s.C.Remind); (err == nil) != may {
		return "R7. people are told again before it is time, or can't be"
	}
	late := s.C.Event(access.EventReviewersLate, access.System(), s.At)
	late.Review = &access.ReviewDetails{}
	_, _, err = s.C.Apply(late, s.At)
	steps := lateness()
	may := s.C.Answers() && !s.C.Due.IsZero() && s.C.Escalated < len(steps) && !s.At.Before(s.C.Due.Add(steps[min(s.C.Escalated, 2)]))
	if (err == nil) != may {
		return "R7. others are asked before somebody is late, or can't be"
	}
	return ""
}

// triesEnd asks whether the time to answer is over, with rows left and without.
func (w *reviewWorld) triesEnd(s reviewState) string {
	open := s.C.State == access.CampaignOpen && s.C.Over.IsZero()
	if s.C.Answers() != open {
		return "R7. answers are taken after the end, or not before it"
	}
	since := func(t time.Time, d time.Duration) bool { return !t.IsZero() && !s.At.Before(t.Add(d)) }
	none, some := open && (since(s.C.AllSaid, w.undo) || since(s.C.Due, 0)), open && since(s.C.Due, 4*catalog.Day)
	if s.C.StageEnds(0, s.At) != none || s.C.StageEnds(1, s.At) != some {
		return "R7. the time to answer ends too early, or never"
	}
	return ""
}

// triesGivingBack tries to give back what no review took away, and what nobody had approved.
func (w *reviewWorld) triesGivingBack(s reviewState) string {
	for _, g := range s.Grants {
		for _, approved := range []access.Request{{ID: "AR-1", State: access.RequestApproved}, {ID: "AR-1", State: access.RequestDenied}, {ID: "AR-8", State: access.RequestApproved}} {
			_, _, err := access.GiveBack(access.GivenBack{ID: "GR-2", Was: g, Approved: approved, By: tess.actor(), Why: hint}, s.At)
			may := g.End == access.EndReviewed && g.State == access.GrantEnded && g.Request == approved.ID && approved.State == access.RequestApproved
			if (err == nil) != may && !g.Ends.Before(s.At) {
				return "R4. what no review took away, or nobody had approved, is given back; or what may be isn't"
			}
		}
	}
	return ""
}
