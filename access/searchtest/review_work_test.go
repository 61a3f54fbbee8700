package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// due does what the campaign's time has come for.
func (w *reviewWorld) due(s *reviewState) (bool, string) {
	if s.C.State == access.CampaignEnforcing {
		return true, w.recheck(s)
	}
	left := s.left()
	if s.C.StageEnds(left, s.At) {
		return true, needed(s.moveCampaign(s.C.Event(access.EventStageOver, access.System(), s.At)))
	}
	moved := false
	for n := 0; s.C.Late(s.At); n++ {
		if n > len(lateness()) {
			return true, "R11. the same happens again and again, and nothing comes of it"
		}
		if why := s.moveCampaign(s.C.Event(access.EventReviewersLate, access.System(), s.At)); why != "" {
			return true, needed(why)
		}
		moved = true
	}
	if !s.C.Remind.IsZero() && !s.At.Before(s.C.Remind) {
		if why := s.moveCampaign(s.C.Event(access.EventReviewersReminded, access.System(), s.At)); why != "" {
			return true, needed(why)
		}
		moved = true
	}
	if left > 0 && !s.C.AllSaid.IsZero() {
		s.C.AllSaid, moved = time.Time{}, true
	}
	if !moved {
		return true, "R11. it is due, and nothing is to be done"
	}
	return true, ""
}

// lateness is how long after its due time a stage goes on, step by step, for those who are late.
func lateness() []time.Duration { return []time.Duration{0, catalog.Day, 3 * catalog.Day} }

// stageTask does what follows when the time to answer is over.
func (w *reviewWorld) stageTask(s *reviewState) (bool, string) {
	for l := range s.Lists {
		if s.Lists[l].Stage == s.list() {
			s.Lists[l].Done = true
		}
	}
	if !s.C.Review.Last(s.C.Stage) && !s.C.Early && s.C.ToIT == 0 {
		return true, w.nextStage(s)
	}
	left := 0
	for n := range s.Rows {
		toIT, broken := w.determine(s, n)
		if broken != "" {
			return true, broken
		}
		left += toIT
	}
	if left > 0 && s.C.ToIT == 0 {
		e := s.C.Event(access.EventRowsLeftToIT, access.System(), s.At)
		e.Review = &access.ReviewDetails{Left: left}
		if why := s.moveCampaign(e); why != "" {
			return true, needed(why)
		}
		s.lists(access.StageIT)
		return true, ""
	}
	e := s.C.Event(access.EventDecidingOver, access.System(), s.At)
	e.Review = &access.ReviewDetails{Progress: s.progress(), Due: s.At.Add(w.undo + time.Hour)}
	return true, needed(s.moveCampaign(e))
}

func (w *reviewWorld) nextStage(s *reviewState) string {
	next := s.C.Stage + 1
	for n, i := range s.Rows {
		if i.Decision == access.DecisionRevoke {
			continue
		}
		e := i.Event(access.EventRowStage, access.System(), s.At)
		e.Review.Reviewers = w.reviewers(i.Row, next)
		if why := s.moveRow(n, e); why != "" {
			return needed(why)
		}
	}
	s.lists(next)
	e := s.C.Event(access.EventStageBegun, access.System(), s.At)
	e.Review = &access.ReviewDetails{Due: s.At.Add(catalog.Week)}
	if why := s.moveCampaign(e); why != "" {
		return needed(why)
	}
	w.allSaid(s)
	return ""
}

// determine writes down what becomes of a row of which no more answers come.
func (w *reviewWorld) determine(s *reviewState, n int) (toIT int, broken string) {
	i := s.Rows[n]
	switch {
	case i.State != access.ItemOpen, s.C.ToIT > 0 && i.LeftToIT == "":
		return 0, ""
	}
	says, grounds := w.unanswered, access.BySilence
	if len(i.Reviewers) == 0 {
		says, grounds = w.nobody, access.ByNobody
	}
	v := i.Final()
	by := access.ByAnswers
	if v == access.DecisionNone || len(i.Reviewers) == 0 {
		var escalate bool
		v, escalate = access.Fallen(says, w.recommends)
		by = grounds
		switch {
		case s.C.ToIT > 0:
			v, by = access.DecisionKeep, access.BySilence
		case escalate:
			return 1, s.reassign(n, grounds)
		case says == catalog.Recommended:
			by = access.ByRecommendation
		}
	}
	e := i.Event(access.EventRowDecided, access.System(), s.At)
	e.Review.Decision, e.Review.Grounds = v, by
	return 0, needed(s.moveRow(n, e))
}

// rowDue begins a removal.
func (w *reviewWorld) rowDue(s *reviewState, n int) (bool, string) {
	i := s.Rows[n]
	if s.C.State == access.CampaignCancelled {
		return true, needed(s.settle(n, access.OutcomeVoid))
	}
	return true, needed(s.moveRow(n, i.Event(access.EventRowRevoking, access.System(), s.At)))
}

func (s *reviewState) settle(n int, o access.ReviewOutcome) string {
	e := s.Rows[n].Event(access.EventRowSettled, access.System(), s.At)
	e.Review.Outcome, e.Note = o, hint
	return s.moveRow(n, e)
}

// revoke finds what a row ends: all that explains the place, but for what was approved since it was read.
func (w *reviewWorld) revoke(s *reviewState, n int) (bool, string) {
	i := s.Rows[n]
	if i.Row == 2 || w.cannot {
		return true, needed(s.settle(n, access.OutcomeManual))
	}
	e := i.Event(access.EventRowRevoking, access.System(), s.At)
	var ends []int
	kept := false
	for at, g := range s.Grants {
		if _, opens := g.Entitlement(i.Group); !opens || !g.Live() && !g.Revoking {
			continue
		}
		if g.Created.After(s.C.Read) && !g.Revoking {
			kept = true
			continue
		}
		ends, e.Review.Ends = append(ends, at), append(e.Review.Ends, g.ID)
	}
	switch {
	case len(ends) > 0:
	case kept:
		return true, needed(s.settle(n, access.OutcomeShared))
	case !s.In:
		return true, needed(s.settle(n, access.OutcomeEnded))
	default:
		g := access.Grant{ID: "G-adopted", Person: maya.id(), App: "figma", Role: viewer, Source: access.SourceAdopted, State: access.GrantActive, Wanted: catalog.Forever, Created: s.At, Started: s.At,
			Entitlements: []access.Entitlement{{Group: i.Group, State: access.EntitlementHeld, Account: account, GroupID: i.GroupID}}}
		s.Grants = append(s.Grants, g)
		ends, e.Review.Ends = []int{len(s.Grants) - 1}, []string{g.ID}
	}
	if why := s.moveRow(n, e); why != "" {
		return true, needed(why)
	}
	for _, at := range ends {
		if s.Grants[at].Revoking {
			continue
		}
		end := s.Grants[at].Event(access.EventEnding, access.System(), s.At)
		end.End = access.EndReviewed
		if _, why := s.moveGrant(at, end); why != "" {
			return true, needed(why)
		}
	}
	return true, ""
}

// remove takes Maya out of the group for a grant that ends, unless another one needs it; rows hear of it.
func (w *reviewWorld) remove(s *reviewState, n int) (bool, string) {
	g := s.Grants[n]
	ref := g.Entitlements[0].Group
	kind := access.EventMemberRemoved
	switch _, needs := g.NeededBy(ref, s.Grants); {
	case w.refuses && g.State != access.GrantStuck && g.Source != access.SourceRestored:
		e := g.Event(access.EventStuck, access.System(), s.At)
		e.Direction, e.Note = access.Revoking, hint
		s.Retry = true
		if _, why := s.moveGrant(n, e); why != "" {
			return true, needed(why)
		}
		return true, w.hear(s, g.ID)
	case s.Retry:
		return false, ""
	case needs:
		kind = access.EventMemberKept
	case !s.In:
		kind = access.EventMemberGone
	}
	e := g.Event(kind, access.System(), s.At)
	e.Group = &ref
	settles, why := s.moveGrant(n, e)
	if why != "" {
		return true, needed(why)
	}
	if kind == access.EventMemberRemoved {
		s.In, s.Taken = false, s.Taken+1
	}
	if !settles {
		if g.End == access.EndReviewed {
			return true, "R5. what a review revoked has ended, and its row doesn't hear of it"
		}
		return true, ""
	}
	return true, w.hear(s, g.ID)
}

// hear notes on rows what became of a grant that they ended.
func (w *reviewWorld) hear(s *reviewState, grant string) string {
	for n, i := range s.Rows {
		if !slices.Contains(i.Ends, grant) || i.State != access.ItemRevoking && i.Outcome != access.OutcomeFailed {
			continue
		}
		if o := s.cameTo(i); o != "" && o != i.Outcome {
			if why := s.settle(n, o); why != "" {
				return needed(why)
			}
		}
	}
	return ""
}

// cameTo is what became of a row by the grants that it ended; "" as long as one is on its way.
func (s *reviewState) cameTo(i access.ReviewItem) (out access.ReviewOutcome) {
	order := []access.ReviewOutcome{access.OutcomeGone, access.OutcomeShared, access.OutcomeEnded}
	for _, g := range s.Grants {
		if !slices.Contains(i.Ends, g.ID) {
			continue
		}
		e, _ := g.Entitlement(i.Group)
		one := map[access.EntitlementState]access.ReviewOutcome{
			access.EntitlementRemoved: access.OutcomeGone, access.EntitlementKept: access.OutcomeShared, access.EntitlementGone: access.OutcomeEnded,
		}[e.State]
		switch {
		case one == "" && g.State == access.GrantStuck:
			return access.OutcomeFailed
		case one == "":
			return ""
		case out == "" || slices.Index(order, one) < slices.Index(order, out):
			out = one
		}
	}
	return out
}

// recheck looks at every row that was revoked, and closes it, unless something is on its way.
func (w *reviewWorld) recheck(s *reviewState) string {
	if s.progress().Open > 0 {
		s.C.RecheckAt = s.At.Add(time.Hour)
		return ""
	}
	for n, i := range s.Rows {
		if i.Decision != access.DecisionRevoke || i.State != access.ItemSettled {
			continue
		}
		if i.Outcome == access.OutcomeManual && i.Row == 1 && !s.In {
			if why := s.settle(n, access.OutcomeGone); why != "" {
				return needed(why)
			}
			i = s.Rows[n]
		}
		e := i.Event(access.EventRowRechecked, access.System(), s.At)
		if e.Review.Outcome = access.OutcomeGone; i.Row == 1 && s.In {
			e.Review.Outcome = access.OutcomeFailed
		}
		if why := s.moveRow(n, e); why != "" {
			return needed(why)
		}
	}
	until := s.C.ForHands(*s.progress(), s.At)
	e := s.C.Event(access.EventCampaignRechecked, access.System(), s.At)
	e.Review = &access.ReviewDetails{Progress: s.progress(), Due: s.At.Add(time.Hour)}
	if !until.IsZero() {
		e.Review.Due = until
		if soon := s.At.Add(looksAtHands); soon.Before(until) {
			e.Review.Due = soon
		}
	}
	if why := s.moveCampaign(e); why != "" {
		return needed(why)
	}
	if !until.IsZero() {
		return ""
	}
	return s.close(access.System())
}

// looksAtHands is how soon it is looked again whether people have removed what they remove by hand: not as often as it is in
// life, as nothing else happens meanwhile.
const looksAtHands = 3 * catalog.Day

// close closes a review, and makes its pack.
func (s *reviewState) close(by access.Actor) string {
	e := s.C.Event(access.EventCampaignClosed, by, s.At)
	e.Review = &access.ReviewDetails{Progress: s.progress()}
	if why := s.moveCampaign(e); why != "" {
		return needed(why)
	}
	e = s.C.Event(access.EventPackMade, access.System(), s.At)
	e.Review = &access.ReviewDetails{Hash: "pack"}
	return needed(s.moveCampaign(e))
}

// givesBeside has another grant give the same group, approved after the review was read.
func (w *reviewWorld) givesBeside(s *reviewState) (bool, string) {
	s.Grants = append(s.Grants, access.Grant{
		ID: "G-2", Request: "AR-2", Person: maya.id(), App: "figma", Role: editor, Source: access.SourceRequested, State: access.GrantActive, Wanted: catalog.Forever, Created: s.At.Add(time.Second), Started: s.At,
		Entitlements: []access.Entitlement{{Group: groups[0], State: access.EntitlementHeld, Account: account, GroupID: groups[0].Group, Absent: true}},
	})
	s.In = true
	return true, ""
}

// givesBack restores what Maya's row took away, where that may be.
func (w *reviewWorld) givesBack(s *reviewState) (bool, string) {
	i := s.Rows[0]
	was := access.Grant{}
	for _, g := range s.Grants {
		if slices.Contains(i.Ends, g.ID) && g.Request != "" && g.End == access.EndReviewed {
			was = g
		}
	}
	approved := access.Request{ID: "AR-1", Beneficiary: maya.id(), App: "figma", Role: viewer, State: access.RequestApproved}
	g, _, err := access.GiveBack(access.GivenBack{ID: "GR-1", Was: was, Approved: approved, By: noor.actor(), Why: hint}, s.At)
	if may := w.mayBack(*s, i, was); (err == nil) && !may {
		return true, "R4. what nobody had approved, or what is not gone, is given back"
	} else if err != nil {
		if may {
			return true, "R4. what may be given back isn't: " + err.Error()
		}
		return false, ""
	}
	e := i.Event(access.EventRowRestored, noor.actor(), s.At)
	e.Review.Ends = []string{g.ID}
	may := w.restorable(*s, i)
	switch why := s.moveRow(0, e); {
	case (why == "") != may:
		return true, "R4. it is given back after the time for that, or can't be in time"
	case why != "":
		return false, ""
	}
	s.Grants, s.Back = append(s.Grants, g), s.Back+1
	return true, ""
}

// mayBack tells, without asking what is shipped, whether a grant may be given back at all.
func (w *reviewWorld) mayBack(s reviewState, i access.ReviewItem, was access.Grant) bool {
	return was.ID == "G-1" && was.State == access.GrantEnded && was.End == access.EndReviewed && s.At.Before(now.Add(30*catalog.Day))
}

func (w *reviewWorld) gives(s *reviewState, n int) (bool, string) {
	g := s.Grants[n]
	e := g.Event(access.EventRecorded, access.System(), s.At)
	e.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	if _, why := s.moveGrant(n, e); why != "" {
		return true, needed(why)
	}
	e = s.Grants[n].Event(access.EventMemberAdded, access.System(), s.At)
	e.Group = &g.Entitlements[0].Group
	if _, why := s.moveGrant(n, e); why != "" {
		return true, needed(why)
	}
	s.In = true
	return true, ""
}
