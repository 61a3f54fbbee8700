package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
)

// requestPromises are what must hold of one request, wherever it stands.
func (m *model) requestPromises(r access.Request) string {
	return first(isDecided(r), signedFor(r), isAnswered(r), m.atTheRightTime(r), m.atAnyTime(r))
}

// atAnyTime is what doesn't depend on when it is looked at.
func (m *model) atAnyTime(r access.Request) string {
	r.Look, r.Lapses, r.FollowUp.Since, r.FollowUp.Next, r.FollowUp.Last = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	if r.Review != nil {
		v := *r.Review
		v.Next, v.Rounds = time.Time{}, 0
		r.Review = &v
	}
	r.FollowUp.Told, r.Chased = 0, nil
	id, fresh := m.timeless.id(r)
	if fresh {
		m.timeless.broken[id] = first(m.onlyTheRight(r), m.asItWasAsked(r), m.kept(r), m.speaks(r), often(r), isGiven(r), m.inPlaces(r), m.whoStandsIn(r), m.unsigned(r), m.unending(r))
	}
	return m.timeless.broken[id]
}

// 4. Only the right person decides: a request is approved when enough different
// people said yes to every stage, none of them the one who gets the access.
func isDecided(r access.Request) string {
	var people []access.PersonID
	for i, st := range r.Stages {
		people = people[:0]
		for _, a := range st.Answers {
			switch {
			case a.By.Person == r.Requester || a.By.Person == r.Beneficiary:
				return "4. somebody decides on their own access"
			case slices.Contains(people, a.By.Person):
				return "4. one person is counted twice"
			}
			people = append(people, a.By.Person)
		}
		yes := !slices.ContainsFunc(st.Answers, func(a access.Answer) bool { return !a.Yes })
		if passed := r.State == access.RequestApproved || i < r.Stage; passed && (!yes || len(people) < st.Need.Count()) {
			return "4. a stage is passed, and not enough people have agreed"
		}
	}
	for _, k := range r.Waiting {
		if k.By.Person == r.Requester {
			return "4. an answer of somebody to their own request is kept"
		}
	}
	for _, c := range r.Chased {
		if c.Times > 3 {
			return "7. somebody is told again of one request more than three times"
		}
	}
	if r.Allowed > r.Wanted {
		return "4. more is approved than was asked for"
	}
	return ""
}

// 7. Whoever waits is told, and whoever is waited for is reminded.
func isAnswered(r access.Request) string {
	pending := r.State == access.RequestPending && len(r.Stages) > 0
	var stage access.Stage
	if pending {
		stage = r.Stages[r.Stage]
	}
	switch {
	case pending && (len(stage.Asked) > 0 || stage.Why != "") && (r.Due().IsZero() || !r.FollowUp.Open()):
		return "7. an answer is waited for, and nobody will be told again"
	case !pending && r.FollowUp.Open():
		return "7. people are told again of what is decided"
	case r.UnderReview() && !r.Answered() && r.Due().IsZero():
		return "7. an emergency is to be judged, and nobody will be told again"
	case pending && (len(stage.Asked) > 0 || stage.Why != "") && r.Look.IsZero():
		return "7. an answer is waited for, and nobody looks again who may give it"
	case pending && r.FollowUp.Open() && !r.Answered() && r.Due().After(r.FollowUp.Next):
		return "7. an answer is waited for, and nobody will be told again in time"
	}
	return ""
}

// crowds are those who could be found to decide, the right ones and others.
func crowds() []crowd {
	return []crowd{0, crowdOf(noor), crowdOf(omar), crowdOf(noor, omar), crowdOf(maya, noor)}
}

// 4. Only the right person decides: everybody tries everything, at every moment, and
// only that counts which may. What comes at the wrong moment does nothing.
func (m *model) onlyTheRight(r access.Request) string {
	for _, who := range crowds() {
		for p := nobody; p < tess; p++ {
			for _, kind := range []access.EventKind{access.EventApproved, access.EventDenied, access.EventClaimed, access.EventQuestioned, access.EventJustified, access.EventUnjustified} {
				c := said(kind, p)
				c.approvers, c.signed = who, r.StepUp
				next, _, err := r.Apply(c.fill(r.Event(kind, p.actor(), now)), now)
				if why := m.counts(r, next, kind, p, who, err == nil); why != "" {
					return "4. " + string(p.id()) + " " + string(kind) + ": " + why
				}
			}
		}
	}
	return ""
}

// counts tells what is wrong about an answer that counted, or didn't.
func (m *model) counts(r, next access.Request, kind access.EventKind, p person, who crowd, did bool) string {
	may := who.has(p) && p != maya && p != nobody
	switch kind {
	case access.EventJustified, access.EventUnjustified:
		may = may && r.BreakGlass && r.State == access.RequestApproved && (r.Review == nil || r.Review.Answer == nil)
		if did && next.UnderReview() {
			return "an emergency was judged, and is still open"
		}
	default:
		byRule := kind == access.EventDenied && p == nobody // access.Request.Objection
		may = r.State == access.RequestPending && len(r.Stages) > 0 && (byRule || may && !answered(&r, p))
	}
	again := kind == access.EventClaimed && may && r.Stages[r.Stage].Claim.By == p.id()
	switch {
	case did && !may:
		return "it counts, and they may not"
	case !did && may && !again:
		return "they may, and it doesn't count"
	case did && kind == access.EventApproved && next.Stage == r.Stage && next.State == r.State:
		return first(everybody(r, next, who, false), m.twice(next, p, who))
	case did && kind == access.EventApproved:
		return everybody(r, next, who, true)
	}
	return ""
}

// twice tries to answer a stage that goes on a second time, now and as an earlier yes.
func (m *model) twice(r access.Request, p person, who crowd) string {
	c := said(access.EventApproved, p)
	c.approvers, c.signed = who, r.StepUp
	if _, _, err := r.Apply(c.fill(r.Event(c.kind, p.actor(), now)), now); err == nil {
		return "one person counts twice"
	}
	for _, a := range r.Earlier() {
		if a.By.Person == p.id() {
			return "an earlier yes counts for a stage that its giver has answered"
		}
	}
	return ""
}

// everybody tells whether a stage that needs everybody was passed without, or not
// with everybody.
func everybody(r, next access.Request, who crowd, passed bool) string {
	st := next.Stages[r.Stage]
	enough := len(st.Answers) >= st.Need.Count()
	if st.Need.All {
		for _, p := range who.ids() {
			enough = enough && slices.ContainsFunc(st.Answers, func(a access.Answer) bool { return a.By.Person == p })
		}
	}
	if enough != passed {
		return "a stage is passed without everybody it needs, or isn't with them"
	}
	return ""
}

// atTheRightTime tries what only time brings, and what happens once.
func (m *model) atTheRightTime(r access.Request) string {
	did := func(kind access.EventKind, p person) bool {
		c := said(kind, p)
		c.signed = r.StepUp
		_, _, err := r.Apply(c.fill(r.Event(kind, p.actor(), now)), now)
		return err == nil
	}
	pending := r.State == access.RequestPending
	keeps := slices.ContainsFunc(r.Waiting, func(k access.KeptAnswer) bool { return k.Stage == r.Stage })
	told := pending && dueNow(r.FollowUp.Next)
	escalated := r.UnderReview() && dueNow(r.Review.Next) && r.Review.Rounds > 3 || told && (r.FollowUp.Told >= times(r) || enough(r))
	switch {
	case did(access.EventLapsed, nobody) != (pending && dueNow(r.Lapses) && !keeps):
		return "7. a request lapses before its time, or not then"
	case did(access.EventAskedAgain, nobody) != (told && r.FollowUp.Told < times(r) && !enough(r)):
		return "7. people are told again at the wrong moment"
	case did(access.EventEscalated, nobody) != escalated:
		return "7. IT is told at the wrong moment that nobody answers"
	case did(access.EventNudged, ines) || did(access.EventNudged, nobody) || did(access.EventNudged, maya) != nudgeable(r) || nudgeable(r) && !nudgedRight(r):
		return "7. people are nudged by the wrong one, or at the wrong moment"
	case did(access.EventReviewDue, nobody) != (r.UnderReview() && dueNow(r.Review.Next)):
		return "7. people are asked to judge at the wrong moment"
	case did(access.EventBreakGlass, maya) != (pending && r.BreakGlass):
		return "4. a role is taken without an emergency, or can't be taken in one"
	case did(access.EventBreakGlass, ines) || did(access.EventBreakGlass, nobody):
		return "4. a role is taken in an emergency of somebody else's"
	case did(access.EventCancelled, maya) != pending || did(access.EventCancelled, nobody) != pending || did(access.EventCancelled, ines) || did(access.EventCancelled, noor):
		return "4. a request is cancelled by somebody who didn't ask, or can't be by who did"
	case did(access.EventIssueOpened, nobody) != (r.Issue.Key == ""):
		return "1. a request doesn't know its issue, or forgets it for another"
	}
	return ""
}

// times is how often people are told again of a request before others are: twice of one for
// hours, as all here are; IT three times of one that nobody may answer.
func times(r access.Request) int {
	if r.Stage < len(r.Stages) && len(r.Stages[r.Stage].Asked) == 0 {
		return 3
	}
	return 2
}

// nudgeable tells whether who waits may have the others told again: an hour after they
// were asked, two after they were told, four after the last time that anybody was told so,
// and three times at most.
func nudgeable(r access.Request) bool {
	pending := r.State == access.RequestPending && len(r.Awaited()) > 0 && !r.Questioned && !r.Answered()
	early := now.Sub(r.FollowUp.Since) < time.Hour || !r.FollowUp.Last.IsZero() && now.Sub(r.FollowUp.Last) < 2*time.Hour
	again := r.Nudged.Times > 0 && (now.Sub(r.Nudged.Last) < 4*time.Hour || r.Nudged.Times >= 3)
	return pending && !early && !again && !enough(r)
}

// often tells that of one request people are told again more than three times.
func often(r access.Request) string {
	for _, who := range r.WaitsFor() {
		r.Chased = append(r.Chased, access.Chased{Who: who, Times: 3})
	}
	if len(r.Remindable()) > 0 {
		return "7. somebody is told again of one request more than three times"
	}
	return ""
}

// nudgedRight nudges, and tells whether that was what comes of it.
func nudgedRight(r access.Request) bool {
	next, effs, err := r.Apply(said(access.EventNudged, maya).fill(r.Event(access.EventNudged, maya.actor(), now)), now)
	instead := r.FollowUp.Escalates() || next.FollowUp.Told == r.FollowUp.Told+1
	return err == nil && instead && next.Nudged.Times == r.Nudged.Times+1 && has(effs, access.EffectRemind)
}

// enough tells that all for whom a request waits were told again three times, as often as
// anybody is.
func enough(r access.Request) bool {
	waits := r.Awaited()
	if r.Questioned {
		waits = []access.PersonID{r.Requester}
	}
	often := slices.DeleteFunc(slices.Clone(waits), func(who access.PersonID) bool {
		return !slices.Contains(r.Chased, access.Chased{Who: who, Times: 3})
	})
	return len(waits) > 0 && len(often) == len(waits)
}

// asItWasAsked tries to approve more than was asked for, and a stage that needs
// everybody without those who can't be asked, or who aren't known.
func (m *model) asItWasAsked(r access.Request) string {
	c := said(access.EventApproved, noor)
	c.approvers, c.signed = crowdOf(noor), r.StepUp
	e := c.fill(r.Event(c.kind, noor.actor(), now))
	e.Wanted = 2 * held
	if _, _, err := r.Apply(e, now); err == nil {
		return "4. more is approved than was asked for"
	}
	e.Wanted = 0
	for _, missing := range [][2][]string{{{"somebody"}, nil}, {nil, {"who is on call"}}} {
		e.Unfound, e.Unread = missing[0], missing[1]
		next, _, err := r.Apply(e, now)
		if err == nil && r.Stages[r.Stage].Need.All && (next.Stage != r.Stage || next.State != r.State) {
			return "4. a stage that needs everybody is passed without those who can't be asked, or who aren't known"
		}
	}
	return ""
}

// kept tries answers whose givers are not established. They count for nothing yet.
func (m *model) kept(r access.Request) string {
	for _, p := range []person{maya, noor, ines} {
		for _, as := range []access.EventKind{access.EventApproved, access.EventDenied, access.EventJustified, access.EventUnjustified, access.EventCancelled} {
			c := said(access.EventAnswerKept, p)
			c.answer, c.signed = as, r.StepUp
			next, _, err := r.Apply(c.fill(r.Event(c.kind, p.actor(), now)), now)
			old, has := r.Kept(p.id())
			judging := as == access.EventJustified || as == access.EventUnjustified
			open := !judging && as != access.EventCancelled && r.State == access.RequestPending && len(r.Stages) > 0 && !answered(&r, p) ||
				judging && r.State == access.RequestApproved && r.BreakGlass && (r.Review == nil || r.Review.Answer == nil)
			may := open && p != maya && !(has && old.As == as && old.Stage == r.Stage)
			if (err == nil) != may {
				return "4. an answer is kept that can't count, or isn't though it may"
			}
			if now, _ := next.Kept(p.id()); err == nil && (now.As != as || len(next.Waiting) > len(r.Waiting)+1 || has && len(next.Waiting) != len(r.Waiting)) {
				return "3. the last word of somebody is not the one that is kept"
			}
			if err == nil && !access.CourseOf(next, nil).Same(access.CourseOf(r, nil)) {
				return "4. an answer counts before it is known whether it may"
			}
		}
		_, _, err := r.Apply(said(access.EventAnswerDropped, p).fill(r.Event(access.EventAnswerDropped, p.actor(), now)), now)
		if _, has := r.Kept(p.id()); (err == nil) != has {
			return "7. an answer that can't count is kept for ever, or one is dropped that isn't there"
		}
	}
	return ""
}

// isGiven tries who has somebody else decide, and whom.
func isGiven(r access.Request) string {
	for _, by := range []person{nobody, maya, omar} {
		c := said(access.EventReassigned, by)
		c.approvers = crowdOf(omar)
		if _, _, err := r.Apply(c.fill(r.Event(c.kind, by.actor(), now)), now); err == nil {
			return "4. somebody chooses who decides on their own access, or chooses themselves"
		}
	}
	for _, to := range []crowd{0, crowdOf(maya), crowdOf(noor, omar)} {
		c := said(access.EventReassigned, tess)
		c.approvers = to
		if _, _, err := r.Apply(c.fill(r.Event(c.kind, tess.actor(), now)), now); err == nil {
			return "4. somebody is to decide on their own access, or nobody is, or several"
		}
	}
	return ""
}

// speaks tries who may say something that everybody concerned reads.
func (m *model) speaks(r access.Request) string {
	for _, p := range []person{nobody, maya, noor, ines} {
		asked := slices.ContainsFunc(r.Stages, func(st access.Stage) bool { return slices.Contains(st.Asked, p.id()) }) ||
			r.Review != nil && slices.Contains(r.Review.Asked, p.id())
		_, effs, err := r.Apply(said(access.EventReplied, p).fill(r.Event(access.EventReplied, p.actor(), now)), now)
		if may := p == maya || asked; (err == nil) != may {
			return "7. somebody concerned can't say anything, or somebody else can"
		} else if may && !has(effs, access.EffectTell) {
			return "7. a word is said, and nobody hears it"
		}
	}
	return ""
}
