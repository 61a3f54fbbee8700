package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// This file is what may happen in a world with a review. What rooms do with the machines is done here as they do it.

// after is everything that may happen in a state.
func (w *reviewWorld) after(s reviewState) (out []came[reviewState]) {
	try := func(what string, fair bool, do func(*reviewState) (did bool, broken string)) {
		next := s.clone()
		if did, broken := do(&next); did || broken != "" {
			out = append(out, came[reviewState]{next, what, broken, fair})
		}
	}
	switch s.C.State {
	case access.CampaignReading:
		for _, unproven := range [][]string{nil, {"one may be missing"}} {
			try("it is read", unproven == nil, func(s *reviewState) (bool, string) {
				return w.does(s, func(n reviewState) (reviewState, string) { return w.read(n, unproven) })
			})
		}
	case access.CampaignUnproven:
		try("it is accepted", true, func(s *reviewState) (bool, string) { return w.does(s, w.accept) })
		try("it is read again", false, func(s *reviewState) (bool, string) { return w.does(s, w.again) })
	case access.CampaignDraft:
		try("it starts", true, func(s *reviewState) (bool, string) {
			return w.does(s, func(n reviewState) (reviewState, string) { return w.start(n, tess) })
		})
		try("it is read again", false, func(s *reviewState) (bool, string) { return w.does(s, w.again) })
	}
	if w.cancels && s.C.Running() && s.C.State != access.CampaignEnforcing {
		try("it is cancelled", false, w.cancel)
	}
	w.afterAnswers(s, try)
	w.afterWork(s, try)
	w.afterOthers(s, try)
	return out
}

// does takes a step that has to be possible.
func (w *reviewWorld) does(s *reviewState, step func(reviewState) (reviewState, string)) (bool, string) {
	next, why := step(*s)
	if *s = next; why != "" {
		return true, "R11. what has to go on can't: " + why
	}
	return true, ""
}

type trying func(what string, fair bool, do func(*reviewState) (bool, string))

func (w *reviewWorld) afterAnswers(s reviewState, try trying) {
	if !s.C.Answers() {
		return
	}
	for n, i := range s.Rows {
		if w.closedToAnswers(s, i) {
			continue
		}
		if s.C.ToIT > 0 && i.State == access.ItemOpen {
			try("IT keeps it", true, func(s *reviewState) (bool, string) { return w.answer(s, n, tess, access.DecisionKeep) })
		}
		if s.Took >= w.answers {
			continue
		}
		for _, p := range []person{noor, omar, tess} {
			if !slices.Contains(i.Reviewers, p.id()) {
				continue
			}
			for _, d := range []access.ReviewDecision{access.DecisionKeep, access.DecisionRevoke, access.DecisionNone, access.DecisionNotMine} {
				if d == access.DecisionNotMine && !w.notMine {
					continue
				}
				try(string(p.id())+" says "+string(d), false, func(s *reviewState) (bool, string) { return w.answer(s, n, p, d) })
			}
		}
		if w.moves && i.State == access.ItemOpen && !slices.Contains(i.Reviewers, tess.id()) {
			try("it is given to IT", false, func(s *reviewState) (bool, string) { return true, s.reassign(n, "") })
		}
	}
	if w.ends {
		try("the time to answer is ended", false, func(s *reviewState) (bool, string) {
			s.Ended = true
			return true, needed(s.moveCampaign(s.C.Event(access.EventStageOver, tess.actor(), s.At)))
		})
	}
}

// closedToAnswers tells of a row that nobody answers now: it is another one's turn, or it is on its way.
func (w *reviewWorld) closedToAnswers(s reviewState, i access.ReviewItem) bool {
	return s.C.ToIT > 0 && i.LeftToIT == "" || i.Stage != s.C.Stage || i.State == access.ItemRevoking || i.State == access.ItemSettled
}

// needed is the promise that a refusal breaks of what has to be possible.
func needed(why string) string {
	if why == "" {
		return ""
	}
	return "R11. what has to go on can't: " + why
}

func (w *reviewWorld) afterWork(s reviewState, try trying) {
	if at := w.next(s); !at.IsZero() && !w.ready(s) {
		try("time passes", true, func(s *reviewState) (bool, string) { s.At = at; return true, "" })
	}
	if due := s.C.DueAt(); !due.IsZero() && !s.At.Before(due) {
		try("what is due is done", true, w.due)
	}
	if s.C.State == access.CampaignOpen && !s.C.Over.IsZero() {
		try("what follows is done", true, w.stageTask)
	}
	for n, i := range s.Rows {
		if due := i.DueAt(); !due.IsZero() && !s.At.Before(due) {
			try("the removal begins", true, func(s *reviewState) (bool, string) { return w.rowDue(s, n) })
		}
		if i.State == access.ItemRevoking && len(i.Ends) == 0 {
			try("what it ends is found", true, func(s *reviewState) (bool, string) { return w.revoke(s, n) })
		}
	}
	for n, g := range s.Grants {
		if g.State == access.GrantEnding || g.State == access.GrantStuck && g.Revoking {
			try("the directory is changed", !s.Retry, func(s *reviewState) (bool, string) { return w.remove(s, n) })
		}
		if g.State == access.GrantWaiting && g.Source == access.SourceRestored {
			try("it is given back", true, func(s *reviewState) (bool, string) { return w.gives(s, n) })
		}
	}
}

// afterOthers is what people do besides.
func (w *reviewWorld) afterOthers(s reviewState, try trying) {
	if s.Retry {
		try("IT retries", true, func(s *reviewState) (bool, string) { s.Retry = false; return true, "" })
	}
	if w.byHand && s.Hands < 1 && s.C.State == access.CampaignOpen {
		try("somebody changes the group by hand", false, func(s *reviewState) (bool, string) { s.In, s.Hands = !s.In, s.Hands+1; return true, "" })
	}
	if !s.C.OnlyHands().IsZero() {
		if s.In && w.cannot {
			try("whoever has to remove it by hand does", false, func(s *reviewState) (bool, string) { s.In, s.Hands = false, s.Hands+1; return true, "" })
		}
		try("IT doesn't wait for who removes it by hand", false, func(s *reviewState) (bool, string) { return true, s.close(tess.actor()) })
	}
	if w.beside && len(s.Grants) == 1 && s.C.State == access.CampaignOpen {
		try("another request is approved", false, w.givesBeside)
	}
	if w.restore > 0 && len(s.Rows) > 0 && s.Back == 0 {
		for _, i := range s.Rows[:1] {
			if i.State == access.ItemSettled && i.Decision == access.DecisionRevoke {
				try("it is restored", false, w.givesBack)
			}
		}
	}
}

// next is when something is due; zero if nothing is.
func (w *reviewWorld) next(s reviewState) (at time.Time) {
	all := []time.Time{s.C.DueAt()}
	for _, i := range s.Rows {
		all = append(all, i.DueAt())
	}
	for _, t := range all {
		if !t.IsZero() && t.After(s.At) && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

// ready tells whether something is to be done before any time passes: workers are quick.
func (w *reviewWorld) ready(s reviewState) bool {
	if due := s.C.DueAt(); !due.IsZero() && !s.At.Before(due) || s.C.State == access.CampaignOpen && !s.C.Over.IsZero() {
		return true
	}
	if slices.ContainsFunc(s.Grants, func(g access.Grant) bool { return g.State == access.GrantEnding }) {
		return true
	}
	return slices.ContainsFunc(s.Rows, func(i access.ReviewItem) bool {
		due := i.DueAt()
		return !due.IsZero() && !s.At.Before(due) || i.State == access.ItemRevoking && len(i.Ends) == 0
	})
}

func (w *reviewWorld) read(s reviewState, unproven []string) (reviewState, string) {
	e := s.C.Event(access.EventCampaignRead, access.System(), s.At)
	e.Review = &access.ReviewDetails{Snapshot: "RV-1.a", Counts: &access.RowCounts{Rows: 1}, Unproven: unproven}
	return s, s.moveCampaign(e)
}

func (w *reviewWorld) accept(s reviewState) (reviewState, string) {
	e := s.C.Event(access.EventPopulationAccepted, tess.actor(), s.At)
	e.Reason = hint
	return s, s.moveCampaign(e)
}

func (w *reviewWorld) again(s reviewState) (reviewState, string) {
	return s, s.moveCampaign(s.C.Event(access.EventReadAgain, tess.actor(), s.At))
}

// start opens it: rows are handed out.
func (w *reviewWorld) start(s reviewState, by person) (reviewState, string) {
	e := s.C.Event(access.EventCampaignStarted, by.actor(), s.At)
	e.Review = &access.ReviewDetails{Due: s.At.Add(catalog.Week)}
	if w.reminds {
		e.Review.Remind = s.At.Add(3 * catalog.Day)
	}
	if why := s.moveCampaign(e); why != "" {
		return s, why
	}
	s.Rows = []access.ReviewItem{w.fresh(1, 0)}
	if w.two {
		s.Rows = append(s.Rows, w.fresh(2, 0))
	}
	s.lists(0)
	w.allSaid(&s)
	return s, ""
}

// allSaid notes that no row waits any more.
func (w *reviewWorld) allSaid(s *reviewState) {
	if s.left() == 0 {
		s.C.AllSaid = s.At
	}
}

func (w *reviewWorld) cancel(s *reviewState) (bool, string) {
	e := s.C.Event(access.EventCampaignCancelled, tess.actor(), s.At)
	e.Reason = hint
	return true, needed(s.moveCampaign(e))
}

// answer is one answer, given by whoever is asked.
func (w *reviewWorld) answer(s *reviewState, n int, p person, d access.ReviewDecision) (bool, string) {
	i := s.Rows[n]
	said, ok := i.AnswerOf(p.id(), i.Stage)
	if !ok && d == access.DecisionNone || ok && said.Decision == d {
		return false, ""
	}
	if i.Person == p.id() {
		return false, ""
	}
	e := i.Event(access.EventRowAnswered, p.actor(), s.At)
	e.Review.Decision = d
	if w.privileged && p == noor {
		e.Reason = hint
	}
	if why := s.moveRow(n, e); why != "" {
		return true, "R8. an answer of somebody who is asked isn't taken: " + why
	}
	s.Took++
	s.Said = slices.DeleteFunc(s.Said, func(a access.ReviewAnswer) bool {
		return a.Stage == i.Stage && a.By.Person == p.id() && int(a.Took) == i.Row
	})
	if d != access.DecisionNone {
		s.Said = append(s.Said, access.ReviewAnswer{By: p.actor(), Stage: i.Stage, Decision: d, Reason: e.Reason, Took: time.Duration(i.Row)})
	}
	if s.left() == 0 {
		s.C.AllSaid = s.At
	}
	return true, w.handOn(s, n)
}

// handOn gives a row to IT of which everybody says that it isn't theirs.
func (w *reviewWorld) handOn(s *reviewState, n int) string {
	i := s.Rows[n]
	mine := slices.ContainsFunc(i.Reviewers, func(who access.PersonID) bool {
		said, ok := i.AnswerOf(who, i.Stage)
		return !ok || said.Decision != access.DecisionNotMine
	})
	if mine || i.State != access.ItemOpen || slices.Contains(i.Reviewers, tess.id()) {
		return ""
	}
	return s.reassign(n, "")
}

// reassign has IT answer a row.
func (s *reviewState) reassign(n int, left access.Grounds) string {
	i := s.Rows[n]
	e := i.Event(access.EventRowReassigned, access.System(), s.At)
	e.Review.Reviewers, e.Review.AnyOne, e.Review.Grounds = []access.PersonID{tess.id(), lena.id()}, true, left
	if why := s.moveRow(n, e); why != "" {
		return needed(why)
	}
	s.Said = slices.DeleteFunc(s.Said, func(a access.ReviewAnswer) bool {
		return int(a.Took) == i.Row && a.Stage == i.Stage && a.By.Person != tess.id()
	})
	for _, p := range []person{tess, lena} {
		has := slices.ContainsFunc(s.Lists, func(w access.Worklist) bool { return w.Stage == i.Stage && w.Reviewer == p.id() })
		if left == "" && !has {
			s.Lists = append(s.Lists, access.Worklist{Campaign: "RV-1", Stage: i.Stage, Reviewer: p.id()}.Count(access.Share{}, s.Rows[n].Share(p.id())))
		}
	}
	return ""
}
