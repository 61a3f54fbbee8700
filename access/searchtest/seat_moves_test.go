package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// This file is what may happen to a seat that nobody uses. What rooms do with the machines is done here as they do it.

// after is everything that may happen in a state.
func (w *seatWorld) after(s seatState) (out []came[seatState]) {
	try := func(what string, fair bool, do func(*seatState) (did bool, broken string)) {
		next := s.clone()
		if did, broken := do(&next); did || broken != "" {
			out = append(out, came[seatState]{next, what, broken, fair})
		}
	}
	w.afterWork(s, try)
	w.afterHolder(s, try)
	w.afterOthers(s, try)
	if at := w.next(s); !at.IsZero() && !w.busy(s) {
		try("time passes", true, func(s *seatState) (bool, string) { s.pass(at); return true, "" })
	}
	return out
}

type tryingSeat func(what string, fair bool, do func(*seatState) (bool, string))

// afterWork is what Latchkey does.
func (w *seatWorld) afterWork(s seatState, try tryingSeat) {
	try("the turn", true, w.turn)
	if s.last() != nil {
		w.afterCase(s, try)
	}
	for _, g := range s.Grants {
		if g.State == access.GrantEnding || g.State == access.GrantStuck && g.Revoking {
			try("the directory is changed", !s.Stuck, func(s *seatState) (bool, string) { return w.remove(s, g.ID) })
		}
		if g.State == access.GrantWaiting {
			try("what was to be given is given", true, func(s *seatState) (bool, string) { return true, w.give(s, g.ID) })
		}
		if g.State == access.GrantActive && !g.Ends.IsZero() && !s.At.Before(g.Ends) {
			try("its time is up", true, func(s *seatState) (bool, string) { return true, w.endGrant(s, g.ID, access.EndExpired) })
		}
	}
}

// afterCase is what becomes of a question by itself.
func (w *seatWorld) afterCase(s seatState, try tryingSeat) {
	c := s.last()
	if due := c.DueAt(); !due.IsZero() && !s.At.Before(due) {
		try("it is due", true, w.due)
	}
	if s.Check && s.Look == nil {
		try("its use is read", !s.Down, w.check)
	}
	if s.Look != nil {
		try("what follows is done", true, func(s *seatState) (bool, string) { return w.follow(s, s.Look) })
		if w.slow && s.Spent&wasSlow == 0 {
			try("hours pass first", false, func(s *seatState) (bool, string) {
				s.Spent |= wasSlow
				s.pass(s.At.Add(25 * time.Hour))
				return true, ""
			})
		}
	}
	if s.Again != nil {
		try("what followed is done again", false, w.again)
	}
}

// afterHolder is what Maya does.
func (w *seatWorld) afterHolder(s seatState, try tryingSeat) {
	if s.Gone {
		return
	}
	if s.Uses < w.uses && s.In[0] {
		try("she uses it", false, func(s *seatState) (bool, string) { s.uses(s.At); return true, "" })
		if w.lag > 0 {
			try("she uses it, and that isn't on record yet", false, func(s *seatState) (bool, string) { s.uses(s.At.Add(w.lag)); return true, "" })
		}
	}
	if w.leave && s.Spent&wentAway == 0 {
		try("she goes on leave", false, func(s *seatState) (bool, string) { s.Spent |= wentAway; s.Away = s.At.Add(leaveFor); return true, "" })
	}
	if c := s.last(); w.answers && c != nil && c.Answers() {
		for _, kind := range []access.EventKind{access.EventReclaimNeeded, access.EventReclaimReturned, access.EventReclaimPostponed} {
			try("she answers "+string(kind), false, func(s *seatState) (bool, string) { return w.answer(s, kind) })
		}
	}
	if w.restores && s.Spent&wasRestored == 0 && s.last() != nil {
		try("she wants it back", false, w.restore)
	}
}

// afterOthers is what others do besides.
func (w *seatWorld) afterOthers(s seatState, try tryingSeat) {
	once := func(may bool, bit uint16, what string, do func(*seatState) string) {
		if may && s.Spent&bit == 0 {
			try(what, false, func(s *seatState) (bool, string) { s.Spent |= bit; return true, do(s) })
		}
	}
	once(w.down, wentDown, "the directory is down", func(s *seatState) string { s.Down = true; return "" })
	once(w.revoked && s.grant("G-1").Live(), wasRevoked, "her access is revoked", func(s *seatState) string { return w.endGrant(s, "G-1", access.EndRevoked) })
	once(w.more && len(s.Cases) == 1, gotMore, "another role is approved", func(s *seatState) string {
		s.Grants, s.In[1] = append(s.Grants, seatGrant("G-2", "figma", viewer, groups[1], s.At)), true
		return ""
	})
	once(w.stray, gotStray, "somebody puts her into another group by hand", func(s *seatState) string { s.In[1] = true; return "" })
	if s.Down {
		try("the directory works again", true, func(s *seatState) (bool, string) { s.Down = false; return true, "" })
	}
	if s.Stuck {
		try("IT retries", true, func(s *seatState) (bool, string) { s.Stuck = false; return true, "" })
	}
	if w.reload && !s.Off {
		try("seats don't come back any more", false, func(s *seatState) (bool, string) { s.Off = true; return true, "" })
	}
	if w.quits && !s.Gone {
		try("she leaves the company", false, w.quit)
	}
	if c := s.last(); w.exempts && c != nil && c.State == access.ReclaimExempt && s.At.Before(s.Outside) {
		try("IT has it be asked about again", false, func(s *seatState) (bool, string) {
			s.Outside = s.At
			return true, needed6(s.moveCase(s.caseEvent(access.EventReclaimAskable, tess.actor())))
		})
	}
	if c := s.last(); w.exempts && c != nil && c.Answers() {
		for _, until := range []time.Time{s.At.Add(40 * catalog.Day), {}} {
			try("IT leaves it out", false, func(s *seatState) (bool, string) { return true, w.exempt(s, until) })
		}
	}
}

func (s *seatState) uses(shows time.Time) {
	s.Uses++
	s.Used, s.Shows = s.At, shows
	s.pass(s.At)
}

// pass has it be a later time.
func (s *seatState) pass(at time.Time) {
	s.At = at
	if !s.Shows.IsZero() && !s.At.Before(s.Shows) {
		s.Shown, s.Shows = s.Used, time.Time{}
	}
}

// next is when something may be different; zero if nothing will.
func (w *seatWorld) next(s seatState) (at time.Time) {
	all := []time.Time{s.Shows, s.Away, s.Shown.Add(idleAfter)}
	if c := s.last(); c != nil {
		all = append(all, c.Until.Add(-time.Hour), c.Until, c.Certain, c.Asked.Add(restFor), c.Exempt, c.HeardLast().Add(idleAfter))
		if c.State == access.ReclaimRemoved {
			all = append(all, c.Settled.Add(backFor-time.Hour), c.Settled.Add(backFor))
		}
	}
	for _, g := range s.Grants {
		all = append(all, g.Ends)
		if g.App == "figma" && g.State == access.GrantActive {
			all = append(all, g.Started.Add(idleAfter))
		}
	}
	for _, t := range all {
		if !t.IsZero() && t.After(s.At) && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

// busy tells whether something is to be done before any time passes: workers are quick, turns are not.
func (w *seatWorld) busy(s seatState) bool {
	c := s.last()
	if c != nil && (!c.DueAt().IsZero() && !s.At.Before(c.DueAt()) || s.Look != nil || s.Check && !s.Down && !c.Certain.After(s.At)) {
		return true
	}
	return slices.ContainsFunc(s.Grants, func(g access.Grant) bool {
		return g.State == access.GrantEnding || g.State == access.GrantWaiting || g.State == access.GrantActive && !g.Ends.IsZero() && !s.At.Before(g.Ends)
	})
}

// turn reads the app, ends what is used again or isn't reclaimed any more, and asks.
func (w *seatWorld) turn(s *seatState) (bool, string) {
	j := w.judge(*s)
	c := s.last()
	switch {
	case c != nil && c.Answers() && s.Off:
		return true, w.drop(s)
	case c != nil && c.Answers() && j.Standing == access.SeatAsked && c.UsedAgain(j.Seen, s.At):
		return true, w.usedAgain(s, j.Seen)
	case c != nil && c.Open() && !c.Answers() && j.Standing != access.SeatAsked:
		return true, "S7. a question is on its way, and isn't known"
	case j.Standing == access.SeatAsked && j.Case == "":
		return true, "S7. it isn't said which question is open"
	}
	may := w.mayAsk(*s)
	if j.Standing == access.SeatIdle && !may {
		return true, "S1. somebody is asked who mustn't be"
	}
	if j.Standing != access.SeatIdle && may {
		return true, "S1. a seat is idle, and its holder isn't asked: it is " + string(j.Standing)
	}
	if !may || len(s.Cases) >= w.cases {
		return false, ""
	}
	return true, w.ask(s, j)
}

func (w *seatWorld) ask(s *seatState, j access.SeatJudgement) string {
	r := access.Reclaim{
		ID: []string{"RC-1", "RC-2"}[len(s.Cases)], Person: maya.id(), App: "figma", Role: editor, Directory: "okta", Account: account,
		Rule: access.ReclaimRuleOf(w.rule()), Seen: j.Seen,
	}
	for _, g := range s.held() {
		r.Grants = append(r.Grants, g.ID)
	}
	r.Grant, r.Request = r.Grants[0], s.grant(r.Grants[0]).Request
	r, e, _, err := access.AskAbout(r, s.At)
	if err != nil {
		return "S1. whoever is to be asked can't be: " + err.Error()
	}
	if !e.Until.Equal(s.At.Add(w.grace())) || !r.Asked.Equal(s.At) {
		return "S2. it isn't said when somebody was asked, or until when there is time to answer"
	}
	s.Cases, s.Deadline, s.Said, s.Check, s.Look, s.Again, s.Outside = append(s.Cases, r), s.At.Add(w.grace()), "", false, nil, nil, time.Time{}
	issue := s.caseEvent(access.EventReclaimIssue, access.System())
	issue.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	return needed6(s.moveCase(issue))
}

// needed6 is the promise that a refusal breaks of what has to go on.
func needed6(why string) string {
	if why == "" {
		return ""
	}
	return "S6. what has to go on can't: " + why
}

func (w *seatWorld) usedAgain(s *seatState, seen access.Idleness) string {
	e := s.caseEvent(access.EventReclaimUsed, access.System())
	e.Reclaim.Seen = &seen
	return needed6(s.moveCase(e))
}

// due has it looked at once more.
func (w *seatWorld) due(s *seatState) (bool, string) {
	s.Check = true
	return true, needed6(s.moveCase(s.caseEvent(access.EventReclaimDue, access.System())))
}

// check reads its use.
func (w *seatWorld) check(s *seatState) (bool, string) {
	c := s.last()
	if !c.Answers() || !c.Until.IsZero() {
		s.Check = false
		return true, ""
	}
	if s.Off {
		return true, w.drop(s)
	}
	j := w.judge(*s)
	unknown, certain := j.Standing == access.SeatAsked && j.ByUse == access.SeatUnknown, time.Time{}
	idle := j.Standing == access.SeatAsked && (j.ByUse == access.SeatIdle || j.ByUse == access.SeatResting)
	if idle && j.Seen.Complete.Before(c.Over) && !c.UsedAgain(j.Seen, s.At) {
		unknown, certain = true, c.CompleteAt(j.Seen)
	}
	if !unknown {
		s.Look = &seatLook{At: s.At, Judge: j}
		for _, g := range s.held() {
			s.Look.Holds = append(s.Look.Holds, g.ID)
		}
		return true, ""
	}
	e := s.caseEvent(access.EventReclaimUnread, access.System())
	e.Note, e.Until = "unread at "+certain.String(), certain
	if c.Unread == e.Note {
		return false, ""
	}
	return true, needed6(s.moveCase(e))
}

func (w *seatWorld) drop(s *seatState) string {
	e := s.caseEvent(access.EventReclaimCancelled, access.System())
	e.Note = hint
	s.Check = false
	return needed6(s.moveCase(e))
}

// again carries out once more what was carried out.
func (w *seatWorld) again(s *seatState) (bool, string) {
	l := *s.Again
	s.Again = nil
	did, broken := w.follow(s, &l)
	return did, broken
}

// follow does what follows from how the seat stands.
func (w *seatWorld) follow(s *seatState, l *seatLook) (bool, string) {
	c, j := s.last(), l.Judge
	if s.Look = nil; w.slow && s.Again == nil {
		s.Again = l
	}
	if !c.Answers() || !c.Until.IsZero() {
		s.Check = false
		return true, ""
	}
	switch {
	case s.Off, j.Standing != access.SeatAsked || j.Case != c.ID:
		return true, w.drop(s)
	case c.UsedAgain(j.Seen, s.At):
		s.Check = false
		return true, w.usedAgain(s, j.Seen)
	case j.ByUse == access.SeatNew:
		return true, w.drop(s)
	case j.ByUse == access.SeatAway, s.Away.After(s.At):
		return true, w.wait(s)
	case j.ByUse != access.SeatIdle && j.ByUse != access.SeatResting:
		return true, w.drop(s)
	case c.State == access.ReclaimPostponed:
		return true, w.askNow(s, l)
	}
	return true, w.end(s, l)
}

func (w *seatWorld) wait(s *seatState) string {
	if !s.Away.After(s.At) {
		return "" // they are back: it is looked at anew
	}
	e := s.caseEvent(access.EventReclaimAway, access.System())
	e.Until = s.Away
	s.Check = false
	if s.last().State == access.ReclaimChecking {
		s.Deadline = s.Away.Add(w.grace())
	}
	return needed6(s.moveCase(e))
}

func (w *seatWorld) askNow(s *seatState, l *seatLook) string {
	e := s.caseEvent(access.EventReclaimAskedNow, access.System())
	e.Reclaim.Seen = &l.Judge.Seen
	if why := s.moveCase(e); why != "" {
		return w.onlyStale(s, l, why)
	}
	s.Check, s.Deadline, s.Said = false, s.At.Add(w.grace()), ""
	return ""
}

// onlyStale allows a refusal of what was read too long ago.
func (w *seatWorld) onlyStale(s *seatState, l *seatLook, why string) string {
	if s.At.Sub(l.At) > readFor {
		return ""
	}
	return needed6(why)
}

// end ends the access by which the seat is held, or gives the lower role first.
func (w *seatWorld) end(s *seatState, l *seatLook) string {
	var holds []string
	for _, g := range s.held() {
		if g.State != access.GrantActive {
			return "" // it is looked at anew
		}
		holds = append(holds, g.ID)
	}
	if !slices.Equal(holds, l.Holds) {
		return ""
	}
	lower, broken := w.lower(s)
	if broken != "" {
		return broken
	}
	e := s.caseEvent(access.EventReclaimRemoving, access.System())
	e.Reclaim.Seen, e.Reclaim.Ends, e.Reclaim.Gives = &l.Judge.Seen, holds, lower.ID
	if why := s.moveCase(e); why != "" {
		return w.onlyStale(s, l, why)
	}
	s.Check = false
	if lower.ID != "" {
		s.Grants = append(s.Grants, lower)
		return ""
	}
	for _, id := range holds {
		if broken := w.endGrant(s, id, access.EndReclaimed); broken != "" {
			return broken
		}
	}
	return ""
}

// lower is the lower role in the place of the higher one, where one is configured and they don't have it.
func (w *seatWorld) lower(s *seatState) (access.Grant, string) {
	has := slices.ContainsFunc(s.held(), func(g access.Grant) bool { return g.Role == viewer })
	if !w.downgrade || has {
		return access.Grant{}, ""
	}
	app := catalog.App{ID: "figma", Status: catalog.Approved}
	role := catalog.Role{ID: viewer, Groups: []catalog.GroupRef{groups[1]}}
	was := *s.grant("G-1")
	g, _, err := access.Downgrade(access.Downgraded{ID: "GL-1", Was: was, Role: role, Holder: access.Person{ID: maya.id()}, Why: hint}, app, s.At)
	if over := !was.Ends.IsZero() && !s.At.Before(was.Ends); (err != nil) != over {
		return g, "S8. a lower role is given of what is over, or isn't given: " + describe(err)
	}
	if err != nil {
		return access.Grant{}, ""
	}
	return g, ""
}

func describe(err error) string {
	if err == nil {
		return "it is"
	}
	return err.Error()
}

// remove takes Maya out of a group for a grant that ends, unless another one needs it.
func (w *seatWorld) remove(s *seatState, id string) (bool, string) {
	g := *s.grant(id)
	ref := g.Entitlements[0].Group
	n := slices.Index(groups[:2], ref)
	if s.Stuck {
		return false, ""
	}
	_, needs := g.NeededBy(ref, s.Grants)
	switch {
	case w.cannot && s.Spent&refusedOnce == 0 && !needs:
		s.Spent, s.Stuck = s.Spent|refusedOnce, true
		e := g.Event(access.EventStuck, access.System(), s.At)
		e.Direction, e.Note = access.Revoking, hint
		if broken := w.moveGrant(s, id, e); broken != "" {
			return true, broken
		}
		return true, w.hears(s, id)
	case w.lost && s.Spent&lostAnswer == 0 && !needs:
		s.Spent, s.In[n] = s.Spent|lostAnswer, false
		return true, "" // the answer is lost, or we are killed: nothing is noted
	}
	kind := access.EventMemberRemoved
	if needs {
		kind = access.EventMemberKept
	}
	e := g.Event(kind, access.System(), s.At)
	e.Group = &ref
	if kind == access.EventMemberRemoved {
		s.In[n] = false
	}
	return true, w.moveGrant(s, id, e)
}

// give lets a grant begin, and puts Maya into its group.
func (w *seatWorld) give(s *seatState, id string) string {
	e := s.grant(id).Event(access.EventRecorded, access.System(), s.At)
	e.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	if broken := w.moveGrant(s, id, e); broken != "" {
		return broken
	}
	ref := s.grant(id).Entitlements[0].Group
	e = s.grant(id).Event(access.EventMemberAdded, access.System(), s.At)
	e.Group = &ref
	if broken := w.moveGrant(s, id, e); broken != "" {
		return broken
	}
	s.grant(id).Entitlements[0].Absent, s.In[slices.Index(groups[:2], ref)] = true, true
	return w.hears(s, id)
}

// hears has the question follow what became of a grant.
func (w *seatWorld) hears(s *seatState, id string) string {
	c := s.last()
	switch {
	case c == nil:
		return ""
	case id == c.Gives && c.State == access.ReclaimRemoving:
		if lower := s.grant(id); lower.Live() && lower.State != access.GrantActive {
			return ""
		}
		for _, end := range c.Ends {
			if broken := w.endGrant(s, end, access.EndReclaimed); broken != "" {
				return broken
			}
		}
	case !slices.Contains(append(slices.Clone(c.Grants), c.Ends...), id):
	case c.Answers():
		for _, g := range c.Grants {
			if s.grant(g).Live() {
				return ""
			}
		}
		return w.drop(s)
	case c.State == access.ReclaimRemoving || c.State == access.ReclaimReturning:
		return w.settle(s)
	}
	return ""
}

// settle notes what became of the access, once that is known of all of it.
func (w *seatWorld) settle(s *seatState) string {
	c := s.last()
	var out access.ReclaimOutcome
	for _, id := range c.Ends {
		g := s.grant(id)
		switch {
		case g.State == access.GrantStuck:
			out = access.ReclaimFailed
		case g.State != access.GrantEnded:
			return ""
		case g.Entitlements[0].State == access.EntitlementKept:
			out = access.ReclaimShared
		case out == "":
			out = access.ReclaimGone
		}
	}
	if out == access.ReclaimGone && c.Gives != "" && s.grant(c.Gives).State == access.GrantActive {
		out = access.ReclaimDowngraded
	}
	if c.Outcome == out {
		return ""
	}
	e := s.caseEvent(access.EventReclaimSettled, access.System())
	e.Reclaim.Outcome, e.Note = out, string(out)
	return needed6(s.moveCase(e))
}

// answer is Maya's.
func (w *seatWorld) answer(s *seatState, kind access.EventKind) (bool, string) {
	c := s.last()
	e := s.caseEvent(kind, maya.actor())
	var ends []string
	switch kind {
	case access.EventReclaimNeeded:
		e.Reason = hint
	case access.EventReclaimPostponed:
		if c.State != access.ReclaimAsked || c.Postponed >= w.later {
			return false, ""
		}
		e.Until = s.At.Add(laterFor)
	case access.EventReclaimReturned:
		for _, g := range s.held() {
			if g.Live() {
				ends = append(ends, g.ID)
			}
		}
		e.Reclaim.Ends = ends
	}
	if why := s.moveCase(e); why != "" {
		return true, "S3. an answer in time isn't taken: " + why
	}
	s.Said = kind
	for _, id := range ends {
		if broken := w.endGrant(s, id, access.EndReturned); broken != "" {
			return true, broken
		}
	}
	return true, ""
}

func (w *seatWorld) exempt(s *seatState, until time.Time) string {
	e := s.caseEvent(access.EventReclaimExempted, tess.actor())
	e.Reason, e.Until = hint, until
	if s.Outside = until; until.IsZero() {
		s.Outside = s.At.Add(farAway)
	}
	s.Said = access.EventReclaimExempted
	return needed6(s.moveCase(e))
}

// quit ends everything that she has.
func (w *seatWorld) quit(s *seatState) (bool, string) {
	s.Gone = true
	for _, g := range s.Grants {
		if g.State == access.GrantEnded {
			continue
		}
		if broken := w.endGrant(s, g.ID, access.EndLeft); broken != "" {
			return true, broken
		}
	}
	return true, ""
}

// restore gives back what was taken away, where that may be.
func (w *seatWorld) restore(s *seatState) (bool, string) {
	c := s.last()
	may := w.mayRestore(*s)
	e := s.caseEvent(access.EventReclaimRestored, maya.actor())
	var given []access.Grant
	for _, id := range c.Ends {
		was := *s.grant(id)
		g, _, err := access.GiveBack(access.GivenBack{ID: "GR" + id, Was: was, Approved: approvalOf(was), By: maya.actor(), Why: hint}, s.At)
		if err != nil {
			if may {
				return true, "S5. what may be had back can't be: " + err.Error()
			}
			return false, ""
		}
		given, e.Reclaim.Grants = append(given, g), append(e.Reclaim.Grants, g.ID)
	}
	why := s.moveCase(e)
	if (why == "") != may {
		return true, "S5. it is had back when it mustn't be, or can't when it may: " + why
	}
	if why != "" {
		return false, ""
	}
	s.Spent |= wasRestored
	s.Grants = append(s.Grants, given...)
	if c.Gives != "" {
		return true, w.endGrant(s, c.Gives, access.EndReturned)
	}
	return true, ""
}

func approvalOf(g access.Grant) access.Request {
	r := access.Request{ID: g.Request, Beneficiary: maya.id(), App: g.App, Role: g.Role, State: access.RequestApproved}
	if g.Request == "" {
		r.State = access.RequestPending
	}
	return r
}
