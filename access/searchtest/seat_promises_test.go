package searchtest

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// This file is what a question about an idle seat promises, in words of its own: nothing here asks what is shipped.

// promises are those that hold of every step.
func (w *seatWorld) promises(before, s seatState) string {
	for _, promise := range []func(before, s seatState) string{w.oneAtATime, w.endsInTime, w.endsWhatItIsAbout, w.staysIn, w.givesLower, w.givesBack, w.staysOver, w.saysWhat} {
		if broken := promise(before, s); broken != "" {
			return broken
		}
	}
	return ""
}

// unused tells whether it is known that nobody has used the seat for long enough.
func (w *seatWorld) unused(s seatState) bool {
	return !w.blind && !w.short && !s.Down && !s.Shown.After(s.At.Add(-idleAfter))
}

// mayAsk tells whether Maya is to be asked at a moment.
func (w *seatWorld) mayAsk(s seatState) bool {
	if s.Off || s.Gone || s.Away.After(s.At) || s.Outside.After(s.At) || !w.unused(s) || len(s.held()) == 0 || s.stray() {
		return false
	}
	for _, g := range s.held() {
		if g.State != access.GrantActive || g.Started.After(s.At.Add(-idleAfter)) {
			return false
		}
	}
	for _, c := range s.Cases {
		open := slices.Contains([]access.ReclaimState{access.ReclaimAsked, access.ReclaimPostponed, access.ReclaimChecking, access.ReclaimRemoving, access.ReclaimReturning}, c.State)
		heard := (c.State == access.ReclaimNeeded || c.State == access.ReclaimInUse) && c.Decided.After(s.At.Add(-idleAfter))
		if open || heard || c.Asked.After(s.At.Add(-restFor)) {
			return false
		}
	}
	return true
}

// S7. One question at a time, which is put off as often as is allowed.
func (w *seatWorld) oneAtATime(_, s seatState) string {
	open := 0
	for _, c := range s.Cases {
		if c.Open() {
			open++
		}
		if c.Postponed > w.later {
			return "S7. it is put off more often than is allowed"
		}
	}
	if open > 1 {
		return "S7. two questions are open about one seat"
	}
	return ""
}

// S2, S3. Access ends for want of use only after notice and all of the time to answer, when it is known that nobody used it in that
// time, and nobody answered.
func (w *seatWorld) endsInTime(before, s seatState) string {
	c, was := s.last(), before.last()
	if c == nil || was == nil || c.State != access.ReclaimRemoving || was.State == access.ReclaimRemoving {
		return ""
	}
	look := s.At
	if before.Look != nil {
		look = before.Look.At
	}
	switch {
	case s.At.Before(before.Deadline) || c.Asked.IsZero() || s.At.Before(c.Asked.Add(w.grace())):
		return "S2. access ends before the time to answer is up"
	case w.blind || w.short || s.At.Sub(look) > readFor:
		return "S2. access ends on what isn't known, or isn't any more"
	case s.Used.After(c.Asked) && s.Used.Before(before.Deadline):
		return "S3. access ends though it was used in time"
	case s.Said != "":
		return "S3. access ends though its holder answered, or it was left out"
	case !w.slow && (s.Away.After(s.At) || s.Gone || s.Off || s.Down):
		return "S2. access ends while its holder is on leave or has left, seats don't come back, or nothing can be read"
	}
	return ""
}

// S4. What ends is what the question is about.
func (w *seatWorld) endsWhatItIsAbout(_, s seatState) string {
	for _, g := range s.Grants {
		if g.End != access.EndReclaimed && g.End != access.EndReturned || g.Source == access.SourceDowngraded {
			continue
		}
		in := slices.ContainsFunc(s.Cases, func(c access.Reclaim) bool { return slices.Contains(c.Ends, g.ID) })
		if g.App != "figma" || !in {
			return "S4. access ends that no question is about"
		}
	}
	return ""
}

// S4. Nobody is taken out of what something else needs.
func (w *seatWorld) staysIn(before, s seatState) string {
	for n, in := range s.In {
		if in || !before.In[n] {
			continue
		}
		for _, g := range s.Grants {
			if g.Live() && g.Entitlements[0].Group == groups[n] && g.Entitlements[0].State == access.EntitlementHeld {
				return "S4. somebody is taken out of what other access needs"
			}
		}
	}
	return ""
}

// S8. The lower role is there before the higher one ends, is what is configured, and lasts as long as that would have.
func (w *seatWorld) givesLower(before, s seatState) string {
	n := slices.IndexFunc(s.Grants, func(g access.Grant) bool { return g.Source == access.SourceDowngraded })
	if n < 0 {
		return ""
	}
	g, was := s.Grants[n], s.Grants[0]
	switch {
	case !w.downgrade || g.Role != viewer || len(g.Entitlements) != 1 || g.Entitlements[0].Group != groups[1] || g.App != "figma" || g.Person != maya.id():
		return "S8. another role is given than is configured"
	case g.Wanted == catalog.Forever && !was.Ends.IsZero(), g.Wanted != catalog.Forever && (was.Ends.IsZero() || g.Created.Add(g.Wanted).After(was.Ends)):
		return "S8. the lower role lasts longer than the higher one would have"
	case was.End == access.EndReclaimed && !before.Grants[0].Revoking && g.State != access.GrantActive && g.Live():
		return "S8. the higher role ends before the lower one is there"
	}
	return ""
}

// S5. What is had back is what was there, and no longer than it would have been.
func (w *seatWorld) givesBack(_, s seatState) string {
	back := 0
	for _, g := range s.Grants {
		if g.Source != access.SourceRestored {
			continue
		}
		back++
		was := s.grant(g.ID[len("GR"):])
		switch {
		case g.Role != was.Role || g.App != was.App || g.Person != was.Person || len(g.Entitlements) != len(was.Entitlements) || g.Entitlements[0].Group != was.Entitlements[0].Group:
			return "S5. something else is had back than was there"
		case g.Wanted == catalog.Forever && !was.Ends.IsZero(), g.Wanted != catalog.Forever && (was.Ends.IsZero() || g.Created.Add(g.Wanted).After(was.Ends)):
			return "S5. it is had back for longer than it had been approved for"
		case w.adopted:
			return "S5. what nobody had approved is had back"
		}
	}
	if back > 2 {
		return "S5. it is had back twice"
	}
	return ""
}

// mayRestore tells whether what was taken away may be had back.
func (w *seatWorld) mayRestore(s seatState) bool {
	c := s.last()
	if c.State != access.ReclaimRemoved || !c.Restored.IsZero() || c.Outcome != access.ReclaimGone && c.Outcome != access.ReclaimDowngraded || !s.At.Before(c.Settled.Add(backFor)) || w.adopted {
		return false
	}
	for _, id := range c.Ends {
		if g := s.grant(id); g.State != access.GrantEnded || !g.Ends.IsZero() && !s.At.Before(g.Ends) || g.End != access.EndReclaimed && g.End != access.EndReturned {
			return false
		}
	}
	return len(c.Ends) > 0
}

// S9. What is over stays so.
func (w *seatWorld) staysOver(before, s seatState) string {
	for n, was := range before.Cases {
		over := slices.Contains([]access.ReclaimState{access.ReclaimRemoved, access.ReclaimNeeded, access.ReclaimInUse, access.ReclaimExempt, access.ReclaimCancelled}, was.State)
		if over && s.Cases[n].State != was.State {
			return "S9. what was over goes on"
		}
		if over && was.Restored.IsZero() != s.Cases[n].Restored.IsZero() && was.State != access.ReclaimRemoved {
			return "S5. something is had back that wasn't taken away"
		}
	}
	return ""
}

// S10. What is said of a question is so.
func (w *seatWorld) saysWhat(before, s seatState) string {
	c := s.last()
	if c == nil {
		return ""
	}
	waits := c.State == access.ReclaimAsked || c.State == access.ReclaimPostponed
	switch {
	case !waits && !c.DueAt().IsZero():
		return "S10. it is due, and nothing is to be done"
	case c.State == access.ReclaimAsked && !c.Until.Equal(s.Deadline):
		return "S2. somebody is told another time to answer than they have"
	case c.State == access.ReclaimChecking && !c.Over.Equal(s.Deadline):
		return "S2. it isn't known until when there was time to answer"
	case c.Outcome == access.ReclaimGone && before.last() != nil && before.last().Outcome != c.Outcome && (s.In[0] || !c.Settled.Equal(s.At)):
		return "S10. it is called gone, and isn't, or isn't said when"
	case c.State == access.ReclaimInUse && !s.Used.After(c.Asked.Add(-idleAfter)):
		return "S10. it is called used, and nobody used it"
	case !c.Open() && c.Decided.IsZero():
		return "S10. it isn't said when it was over"
	case !c.Open() && !c.Until.IsZero(), c.State == access.ReclaimRemoved && c.Outcome == access.ReclaimFailed:
		return "S10. what is over is under way"
	case !c.Open() && (!c.Certain.IsZero() || c.Unread != ""):
		return "S10. what is over still waits to be known"
	}
	return ""
}

// trials are what is tried in every state: each move, as it should be and with something wrong with it.
func (w *seatWorld) trials(s seatState) string {
	if len(s.Cases) == 0 {
		return w.triesToAsk(s)
	}
	for _, kind := range seatMoves() {
		if broken := w.tries(s, kind); broken != "" {
			return broken
		}
	}
	return w.triesWrong(s)
}

// triesToAsk has nobody be asked by a reading that shows no disuse.
func (w *seatWorld) triesToAsk(s seatState) string {
	full := access.Reclaim{
		ID: "RC-1", Person: maya.id(), App: "figma", Role: editor, Grant: "G-1", Grants: []string{"G-1"}, Rule: access.ReclaimRuleOf(w.rule()), Seen: w.reading(s),
	}
	if full.Seen.Source == "" {
		full.Seen = access.Idleness{Source: "sign-ins", Reach: s.At.Add(-90 * catalog.Day), Read: s.At, Complete: s.At}
	}
	full.Seen.Reach, full.Seen.Last = s.At.Add(-90*catalog.Day), s.At.Add(-idleAfter)
	if _, _, _, err := access.AskAbout(full, s.At); err != nil {
		return "S1. whoever is to be asked can't be: " + err.Error()
	}
	for what, wrong := range map[string]func(*access.Reclaim){
		"without an id":              func(r *access.Reclaim) { r.ID = "" },
		"of nobody":                  func(r *access.Reclaim) { r.Person = "" },
		"by no access":               func(r *access.Reclaim) { r.Grant = "" },
		"by other access":            func(r *access.Reclaim) { r.Grants = []string{"G-9"} },
		"and nothing is reclaimed":   func(r *access.Reclaim) { r.Rule.Threshold = 0 },
		"without time to answer":     func(r *access.Reclaim) { r.Rule.Grace = 0 },
		"by what says nothing":       func(r *access.Reclaim) { r.Seen.Source = "" },
		"by a reading of before":     func(r *access.Reclaim) { r.Seen.Read = s.At.Add(-readFor - time.Minute) },
		"by a reading of later":      func(r *access.Reclaim) { r.Seen.Read = s.At.Add(time.Minute) },
		"by records that are short":  func(r *access.Reclaim) { r.Seen.Reach = s.At.Add(-idleAfter + time.Minute) },
		"after a use":                func(r *access.Reclaim) { r.Seen.Last = s.At.Add(-idleAfter + time.Minute) },
		"and access is young":        func(r *access.Reclaim) { r.Seen.Since = s.At.Add(-idleAfter + time.Minute) },
		"and since when isn't known": func(r *access.Reclaim) { r.Seen.Last, r.Seen.Since = time.Time{}, time.Time{} },
	} {
		r := full
		if wrong(&r); asked(r, s.At) {
			return "S1. somebody is asked " + what
		}
	}
	return ""
}

func asked(r access.Reclaim, at time.Time) bool {
	_, _, _, err := access.AskAbout(r, at)
	return err == nil
}

func seatMoves() []access.EventKind {
	return []access.EventKind{
		access.EventReclaimPostponed, access.EventReclaimAskedNow, access.EventReclaimDue, access.EventReclaimUnread, access.EventReclaimAway, access.EventReclaimNeeded,
		access.EventReclaimReturned, access.EventReclaimUsed, access.EventReclaimExempted, access.EventReclaimCancelled, access.EventReclaimRemoving, access.EventReclaimSettled,
		access.EventReclaimRestored, access.EventReclaimIssue, access.EventReclaimAskable,
	}
}

// whole is a move with all that it needs.
func (w *seatWorld) whole(s seatState, kind access.EventKind) access.Event {
	by := maya.actor()
	if kind == access.EventReclaimExempted || kind == access.EventReclaimAskable {
		by = tess.actor()
	}
	e := s.last().Event(kind, by, s.At)
	e.Reason, e.Note, e.Until, e.Issue = hint, "tried", s.At.Add(time.Hour), &access.Issue{ID: "1", Key: "IT-1"}
	seen := w.reading(s)
	seen.Since = s.grant("G-1").Started
	e.Reclaim = &access.ReclaimDetails{Seen: &seen, Ends: []string{"G-1"}, Grants: []string{"GR"}, Outcome: access.ReclaimGone}
	return e
}

// takes is where a move leads, and whether it is to be taken, by the words of the promises.
func (w *seatWorld) takes(s seatState, kind access.EventKind) (to access.ReclaimState, may bool) {
	c := s.last()
	answers := c.State == access.ReclaimAsked || c.State == access.ReclaimPostponed || c.State == access.ReclaimChecking
	idle := c.Until.IsZero() && w.unused(s) && !s.Shown.After(c.Asked)
	ends := c.State == access.ReclaimRemoving || c.State == access.ReclaimReturning
	switch kind {
	case access.EventReclaimNeeded:
		return access.ReclaimNeeded, answers
	case access.EventReclaimReturned:
		return access.ReclaimReturning, answers
	case access.EventReclaimExempted:
		return access.ReclaimExempt, answers
	case access.EventReclaimAskable:
		return access.ReclaimExempt, c.State == access.ReclaimExempt && s.At.Before(s.Outside)
	case access.EventReclaimCancelled:
		return access.ReclaimCancelled, answers
	case access.EventReclaimUsed:
		return access.ReclaimInUse, answers && !w.blind && !s.Down && (s.Shown.After(s.At.Add(-idleAfter)) || s.Shown.After(c.Asked))
	case access.EventReclaimPostponed:
		return access.ReclaimPostponed, c.State == access.ReclaimAsked && c.Postponed < w.later
	case access.EventReclaimDue:
		if c.State == access.ReclaimAsked {
			return access.ReclaimChecking, !s.At.Before(s.Deadline)
		}
		return access.ReclaimPostponed, c.State == access.ReclaimPostponed && !c.Until.IsZero() && !s.At.Before(c.Until)
	case access.EventReclaimAskedNow:
		return access.ReclaimAsked, c.State == access.ReclaimPostponed && idle
	case access.EventReclaimAway:
		if c.State == access.ReclaimChecking {
			return access.ReclaimAsked, true
		}
		return access.ReclaimPostponed, c.State == access.ReclaimPostponed
	case access.EventReclaimUnread:
		return c.State, c.State == access.ReclaimPostponed || c.State == access.ReclaimChecking
	case access.EventReclaimRemoving:
		return access.ReclaimRemoving, c.State == access.ReclaimChecking && idle && !s.At.Add(-w.lag).Before(s.Deadline)
	case access.EventReclaimSettled:
		return access.ReclaimRemoved, ends || c.State == access.ReclaimRemoved && c.Outcome == access.ReclaimManual
	case access.EventReclaimRestored:
		gone := c.Outcome == access.ReclaimGone || c.Outcome == access.ReclaimDowngraded
		return access.ReclaimRemoved, c.State == access.ReclaimRemoved && gone && c.Restored.IsZero() && s.At.Before(c.Settled.Add(backFor))
	}
	return c.State, true
}

// tries tries a move as it should be.
func (w *seatWorld) tries(s seatState, kind access.EventKind) string {
	to, may := w.takes(s, kind)
	c := *s.last()
	next, _, err := c.Apply(w.whole(s, kind), s.At)
	switch {
	case (err == nil) != may:
		return "S11. " + string(kind) + " is taken where it mustn't be, or isn't where it must: " + describe(err)
	case err != nil:
		return ""
	case next.State != to:
		return "S11. " + string(kind) + " leads to " + string(next.State)
	}
	return w.leads(s, kind, next)
}

// leads looks at what a move left behind.
func (w *seatWorld) leads(s seatState, kind access.EventKind, c access.Reclaim) string {
	was := s.last()
	over := !c.Open() && was.Open()
	switch {
	case over && (!c.DueAt().IsZero() || c.Decided.IsZero()):
		return "S10. it is over, and is still due, or isn't said when"
	case over && was.Answers() && c.By != w.whole(s, kind).Actor:
		return "S10. it isn't said who answered"
	case kind == access.EventReclaimDue && !c.DueAt().IsZero():
		return "S10. it is due again and again"
	case kind == access.EventReclaimPostponed && (!c.DueAt().Equal(s.At.Add(time.Hour)) || c.Postponed != was.Postponed+1):
		return "S7. it is put off, and isn't asked again, or that isn't counted"
	case kind == access.EventReclaimAskedNow && (!c.DueAt().Equal(s.At.Add(w.grace())) || !c.Asked.Equal(s.At)):
		return "S2. whoever is asked again has another time to answer"
	case kind == access.EventReclaimAway && was.State == access.ReclaimChecking && !c.DueAt().Equal(s.At.Add(time.Hour+w.grace())):
		return "S2. whoever was on leave hasn't all of the time to answer"
	case kind == access.EventReclaimAway && was.State == access.ReclaimPostponed && !c.DueAt().Equal(s.At.Add(time.Hour)):
		return "S6. who is on leave is never asked again"
	case kind == access.EventReclaimUnread && (c.Unread == "" || !c.Certain.Equal(s.At.Add(time.Hour))):
		return "S10. it isn't said why nothing ends"
	case kind == access.EventReclaimExempted && !c.Exempt.Equal(s.At.Add(time.Hour)):
		return "S1. it isn't said until when it is left out"
	case kind == access.EventReclaimAskable && c.LeftOut(s.At):
		return "S1. what isn't left out any more is"
	case (kind == access.EventReclaimNeeded || kind == access.EventReclaimExempted || kind == access.EventReclaimCancelled) && c.Why == "":
		return "S10. it isn't said why"
	case (kind == access.EventReclaimRemoving || kind == access.EventReclaimReturned) && len(c.Ends) != 1:
		return "S4. it isn't said what ends"
	case kind == access.EventReclaimSettled && (!c.Settled.Equal(s.At) || c.Outcome != access.ReclaimGone):
		return "S10. it isn't said what became of it, or when"
	case kind == access.EventReclaimRestored && (c.Restored.IsZero() || len(c.Restoring) != 1 || c.RestoreBy.Person != maya.id()):
		return "S5. it isn't said what is had back, and by whom"
	}
	return ""
}

// triesWrong tries moves with something wrong with them.
func (w *seatWorld) triesWrong(s seatState) string {
	for _, t := range []struct {
		kind  access.EventKind
		what  string
		wrong func(*access.Event)
	}{
		{access.EventReclaimNeeded, "without a reason", func(e *access.Event) { e.Reason = " " }},
		{access.EventReclaimNeeded, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimReturned, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimReturned, "and nothing ends", func(e *access.Event) { e.Reclaim.Ends = nil }},
		{access.EventReclaimPostponed, "to the past", func(e *access.Event) { e.Until = s.At }},
		{access.EventReclaimPostponed, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimUsed, "without a reading", func(e *access.Event) { e.Reclaim.Seen = nil }},
		{access.EventReclaimUsed, "by no use", func(e *access.Event) { e.Reclaim.Seen.Last = time.Time{} }},
		{access.EventReclaimUsed, "by a use of long ago", func(e *access.Event) {
			e.Reclaim.Seen.Last = earlier(s.At.Add(-idleAfter-time.Minute), s.last().Asked)
		}},
		{access.EventReclaimExempted, "by its holder", func(e *access.Event) { e.Actor = maya.actor() }},
		{access.EventReclaimExempted, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimExempted, "without a reason", func(e *access.Event) { e.Reason = "" }},
		{access.EventReclaimExempted, "until the past", func(e *access.Event) { e.Until = s.At }},
		{access.EventReclaimAskable, "by its holder", func(e *access.Event) { e.Actor = maya.actor() }},
		{access.EventReclaimAskable, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimCancelled, "without a word", func(e *access.Event) { e.Note = "" }},
		{access.EventReclaimAway, "who is back", func(e *access.Event) { e.Until = s.At }},
		{access.EventReclaimUnread, "without a word", func(e *access.Event) { e.Note = "" }},
		{access.EventReclaimUnread, "that is known", func(e *access.Event) { e.Note = s.last().Unread }},
		{access.EventReclaimRemoving, "of nothing", func(e *access.Event) { e.Reclaim.Ends = nil }},
		{access.EventReclaimRemoving, "without a reading", func(e *access.Event) { e.Reclaim.Seen = nil }},
		{access.EventReclaimRemoving, "by what says nothing", func(e *access.Event) { e.Reclaim.Seen.Source = "" }},
		{access.EventReclaimRemoving, "by a reading of before", func(e *access.Event) { e.Reclaim.Seen.Read = s.At.Add(-readFor - time.Minute) }},
		{access.EventReclaimRemoving, "by records that lack the last hour", func(e *access.Event) { e.Reclaim.Seen.Complete = s.Deadline.Add(-time.Hour) }},
		{access.EventReclaimRemoving, "after a use since", func(e *access.Event) { e.Reclaim.Seen.Last = s.last().Asked.Add(time.Minute) }},
		{access.EventReclaimAskedNow, "without a reading", func(e *access.Event) { e.Reclaim.Seen = nil }},
		{access.EventReclaimSettled, "without a word", func(e *access.Event) { e.Reclaim.Outcome = "" }},
		{access.EventReclaimSettled, "as is known", func(e *access.Event) { e.Reclaim.Outcome, e.Note = s.last().Outcome, s.last().Why }},
		{access.EventReclaimRestored, "by nothing", func(e *access.Event) { e.Reclaim.Grants = nil }},
		{access.EventReclaimRestored, "by nobody", func(e *access.Event) { e.Actor = access.System() }},
		{access.EventReclaimIssue, "without one", func(e *access.Event) { e.Issue = nil }},
		{access.EventReclaimNeeded, "that says nothing of a seat", func(e *access.Event) { e.Reclaim = nil }},
	} {
		e := w.whole(s, t.kind)
		t.wrong(&e)
		if next, _, err := s.last().Apply(e, s.At); err == nil {
			return "S11. " + string(t.kind) + " is taken " + t.what + ": it is " + string(next.State)
		}
	}
	return w.triesBack(s)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// triesBack tries to have back what mustn't be, and to give a lower role in the place of what has ended.
func (w *seatWorld) triesBack(s seatState) string {
	was := *s.grant("G-1")
	gone := was.State == access.GrantEnded && (was.End == access.EndReclaimed || was.End == access.EndReturned) && (was.Ends.IsZero() || s.At.Before(was.Ends))
	back := func(change func(*access.GivenBack)) bool {
		b := access.GivenBack{ID: "GR", Was: was, Approved: approvalOf(was), By: maya.actor(), Why: hint}
		change(&b)
		_, _, err := access.GiveBack(b, s.At)
		return err == nil
	}
	switch {
	case back(func(*access.GivenBack) {}) != (gone && !w.adopted):
		return "S5. what wasn't taken away, or nobody had approved, is had back, or what was can't be"
	case back(func(b *access.GivenBack) { b.Was.Manual = true }):
		return "S5. what is given by hand is had back"
	case back(func(b *access.GivenBack) { b.Approved.State = access.RequestDenied }), back(func(b *access.GivenBack) { b.Approved.ID = "G-9" }):
		return "S5. it is had back by no approval of it"
	}
	return w.triesLower(s, was)
}

func (w *seatWorld) triesLower(s seatState, was access.Grant) string {
	lower := func(change func(*access.Downgraded, *catalog.App)) bool {
		app := catalog.App{ID: "figma", Status: catalog.Approved}
		d := access.Downgraded{ID: "GL", Was: was, Role: catalog.Role{ID: viewer, Groups: []catalog.GroupRef{groups[1]}}, Holder: access.Person{ID: maya.id()}, Why: hint}
		change(&d, &app)
		_, _, err := access.Downgrade(d, app, s.At)
		return err == nil
	}
	live := was.State == access.GrantActive && (was.Ends.IsZero() || s.At.Before(was.Ends))
	switch {
	case lower(func(*access.Downgraded, *catalog.App) {}) != live:
		return "S8. a lower role is given in the place of nothing, or can't be in the place of something"
	case lower(func(d *access.Downgraded, _ *catalog.App) { d.Role.ID = was.Role }), lower(func(d *access.Downgraded, _ *catalog.App) { d.Role.Groups = nil }):
		return "S8. something is given that is no lower role"
	case lower(func(_ *access.Downgraded, a *catalog.App) { a.Status = "" }):
		return "S8. a role is given of an app that isn't offered"
	case lower(func(d *access.Downgraded, _ *catalog.App) {
		d.Role.For = catalog.Audience{People: []string{"somebody@else.example"}}
	}):
		return "S8. a role is given to somebody who may not have it"
	}
	return ""
}
