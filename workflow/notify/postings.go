package notify

import (
	"slices"
	"time"

	"latchkey/access"
)

// postings are the messages that what happened to a request has called for. Slack
// tells nobody of an edit, so whatever somebody has to act upon, and how it came
// out for those who asked, is posted anew: a further revision of a card.
type postings struct {
	request access.Request
	channel string // where those who are asked read it; "" for direct messages

	revisions map[Card]int            // of each card, without its revision
	order     []Card                  // as they were called for first
	asked     map[access.PersonID]int // in which stage somebody was asked last, from 1
	inquirer  access.PersonID         // whose question waits for an answer
	trouble   string                  // what IT was told of and is not over
	begun     time.Time
	grant     given
	further   []Card // reminders, of which every one stays, and reviews

	approved time.Time     // since when access is on its way that somebody has to be told of; zero if none is
	stuck    time.Time     // since when it is stuck, and nobody but IT was told
	told     bool          // that it is stuck
	judged   time.Time     // when an emergency was found not to be one
	news     map[Card]News // what each revision of a requester's card was posted for

	by access.PersonID // whose act is followed, which is no news to them; empty if it is nobody's
}

// given is as much of a grant as the story tells.
type given struct {
	manual, recorded, revoking bool
	end                        access.End
	groups, there, gone        int // how many there are, were given, and taken away or left
}

// postingsOf reads them from a request's story, as things stand at a moment: that nothing
// has happened can be news, too.
func postingsOf(r access.Request, story []access.Event, channel string, now time.Time) *postings {
	p := &postings{request: r, channel: channel, revisions: map[Card]int{}, asked: map[access.PersonID]int{}, news: map[Card]News{}}
	p.tell(NewsAsked)
	reminders := 0
	for _, e := range story {
		if p.begun.IsZero() {
			p.begun = e.At
		}
		p.wait(e.At)
		p.by = e.Actor.Person
		p.answer(e)
		p.change(e)
		p.needIT(e)
		switch e.Kind {
		case access.EventReminded:
			reminders++
			p.further = append(p.further, Card{Audience: ToReminder.Revision(reminders), Reader: r.Beneficiary})
		case access.EventReviewAsked:
			p.review(e)
		}
		p.by = ""
	}
	p.wait(now.Add(-meanwhile))
	return p
}

// tell posts to whom the table says that something is a message of its own: who asked, and
// those who are asked now.
func (p *postings) tell(n News, asked ...access.PersonID) {
	line := TellingOf(n)
	if line.Requester == Posted || line.Requester == Listed {
		p.toRequester(n)
	}
	if line.Asked == Posted && len(asked) > 0 {
		p.toAsked(asked...)
	}
}

// post calls for a card, or for its next revision.
func (p *postings) post(c Card) {
	if p.revisions[c]++; p.revisions[c] == 1 {
		p.order = append(p.order, c)
	}
}

func (p *postings) toRequester(n News) {
	for _, c := range distinct([]Card{{Audience: ToRequester, Reader: p.request.Requester}, {Audience: ToRequester, Reader: p.request.Beneficiary}}) {
		if c.Reader == p.by {
			continue
		}
		p.post(c)
		c.Audience = c.Audience.posting(p.revisions[c])
		p.news[c] = n
	}
}

// toAsked calls for a card to people who are asked, or for one in the channel.
func (p *postings) toAsked(who ...access.PersonID) {
	if p.channel != "" {
		p.post(Card{Audience: ToChannel, Channel: p.channel})
		return
	}
	for _, one := range who {
		p.post(Card{Audience: ToApprover, Reader: one})
	}
}

// answer follows who is waited for, and how it came out.
func (p *postings) answer(e access.Event) {
	theirs := e.Actor.Person == p.request.Requester || e.Actor.Person == p.request.Beneficiary
	switch e.Kind {
	case access.EventApproversAsked:
		p.ask(e)
	case access.EventAskedAgain, access.EventNudged:
		p.askAgain(e)
	case access.EventBreakGlass:
		if p.channel != "" {
			p.toAsked()
		}
	case access.EventQuestioned:
		p.inquirer = e.Actor.Person
		p.tell(NewsQuestion)
	case access.EventReplied:
		if theirs && p.inquirer != "" {
			p.tell(NewsAnswer, p.inquirer)
			p.inquirer = ""
		}
	case access.EventDenied:
		p.tell(NewsDenied)
	case access.EventLapsed:
		p.tell(NewsLapsed)
	case access.EventEscalated:
		if !p.request.BreakGlass {
			p.tell(NewsEscalated)
		}
	case access.EventApproved:
		if p.request.Unlisted != "" {
			p.tell(NewsTakenOn)
		}
	case access.EventCancelled:
		p.tell(choose(theirs, NewsWithdrawn, NewsCancelled))
	case access.EventUnjustified:
		p.judged = e.At
		p.tell(NewsUnjustified)
	}
}

// review asks those whether an emergency was one who weren't asked yet. Who was is told
// again with all else that waits for them.
func (p *postings) review(e access.Event) {
	for _, c := range each(ToReview.Revision(1), e.Approvers) {
		if !slices.Contains(p.further, c) {
			p.further = append(p.further, c)
		}
	}
}

// ask tells those of a stage who were not told of it yet.
func (p *postings) ask(e access.Event) {
	stage := e.Stage + 1
	fresh := slices.DeleteFunc(slices.Clone(e.Approvers), func(who access.PersonID) bool { return p.asked[who] == stage })
	for _, who := range fresh {
		p.asked[who] = stage
	}
	if len(fresh) > 0 {
		p.tell(NewsStage, fresh...)
	}
}

// askAgain tells those again who are waited for: in the channel where they are asked, or
// IT where they are nobody. Everybody else gets one message about all that waits for
// them.
func (p *postings) askAgain(e access.Event) {
	switch {
	case len(e.Approvers) == 0:
		p.post(Card{Audience: ToIT})
	case p.inquirer == "" && p.channel != "":
		p.toAsked()
	}
}

// change follows the access itself: what is to be done by hand, and how it came out.
func (p *postings) change(e access.Event) {
	g := &p.grant
	switch e.Kind {
	case access.EventGrantStarted:
		g.manual, g.groups = e.Manual, len(e.Groups)
		p.underWay(e)
	case access.EventRecorded:
		if g.recorded = true; g.manual {
			p.post(Card{Audience: ToFulfillers})
		}
	case access.EventMemberAdded:
		if g.there++; g.there == g.groups && !g.revoking {
			p.in(e)
		}
	case access.EventExtended:
		p.tell(choose(len(e.Approvers) > 0, NewsExtended, NewsProlonged))
	case access.EventStuck:
		if !g.revoking && p.stuck.IsZero() && !p.told {
			p.stuck = e.At
		}
	case access.EventEnding:
		p.ending(e)
	case access.EventFulfilled:
		switch {
		case !g.revoking:
			p.in(e)
		case p.overByItself():
			p.tell(p.endedAsKnown())
		}
	case access.EventNotFulfilled:
		if !g.revoking {
			p.tell(NewsCantBeDone)
		}
	case access.EventRetried:
		if g.manual {
			p.post(Card{Audience: ToFulfillers})
		}
	case access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
		if g.gone++; g.gone == g.groups && p.overByItself() {
			p.tell(p.endedAsKnown())
		}
	}
}

// ending asks for what has to be taken away by hand, and tells those who didn't end
// it themselves.
func (p *postings) ending(e access.Event) {
	g := &p.grant
	g.revoking, g.end = true, e.End
	p.approved, p.stuck = time.Time{}, time.Time{}
	if g.manual && g.recorded {
		p.post(Card{Audience: ToFulfillers})
	}
	switch found := !p.judged.IsZero() && e.At.Sub(p.judged) <= lookingFor; {
	case g.end == access.EndReturned:
		p.tell(NewsReturned)
	case g.end == access.EndReclaimed:
		p.tell(NewsReclaimed)
	case !p.overByItself() && !found: // else that it isn't right was told with it
		p.tell(NewsRevoked)
	}
}

// overByItself tells whether access ends because its time is up, which its holder
// knows: the news is that it is gone.
func (p *postings) overByItself() bool { return p.grant.end == access.EndExpired }

// endedAsKnown is that access is gone whose time was up. Of a day or less its holder was told
// a moment ago that it would be.
func (p *postings) endedAsKnown() News {
	return choose(p.request.Allowed > 0 && p.request.Allowed <= brief, NewsEndedBrief, NewsEnded)
}

// What IT can be told of.
const (
	troubleAnswer   = "nobody may answer"
	troubleAdding   = "an addition is stuck"
	troubleRemoving = "a removal is stuck"
	troubleRecord   = "something can't be written"
	troubleDoubt    = "it is disputed"
)

// needIT follows what IT has to act upon. The same trouble, as long as it lasts,
// is told once, and again when it is time to.
func (p *postings) needIT(e access.Event) {
	switch e.Kind {
	case access.EventStuck:
		if p.grant.revoking {
			p.inTrouble(troubleRemoving)
		} else {
			p.inTrouble(troubleAdding)
		}
	case access.EventNotFulfilled:
		if p.grant.revoking {
			p.inTrouble(troubleRemoving)
		}
	case access.EventDisputed:
		p.inTrouble(troubleDoubt)
	case access.EventUnroutable:
		p.inTrouble(troubleAnswer)
	case access.EventTaskBlocked:
		if p.trouble == "" {
			p.inTrouble(troubleRecord)
		}
	case access.EventBreakGlass, access.EventEscalated, access.EventGrantEscalated, access.EventUnjustified:
		p.post(Card{Audience: ToIT})
	case access.EventFollowedUp:
		if !p.grant.manual && !p.grant.revoking { // removals that are stuck are told of all together
			p.post(Card{Audience: ToIT})
		}
	case access.EventRetried, access.EventFulfilled, access.EventDisputeResolved, access.EventTaskResumed, access.EventApproversAsked, access.EventReviewAsked, access.EventEnding:
		p.trouble = ""
	case access.EventMemberAdded, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
		if g := p.grant; g.there == g.groups || g.gone == g.groups {
			p.trouble = ""
		}
	}
}

func (p *postings) inTrouble(what string) {
	if p.trouble != what {
		p.post(Card{Audience: ToIT})
	}
	p.trouble = what
}

// cards are the newest revision of each card, and every reminder and review.
// fulfillers are whom the catalogue names for what is done by hand.
func (p *postings) cards(fulfillers []access.Email) []Card {
	var out []Card
	for _, c := range p.order {
		revision := c
		revision.Audience = c.Audience.posting(p.revisions[c])
		if c.Audience == ToRequester && !p.request.BreakGlass { // an emergency is nothing to read of later
			revision.News = p.news[revision]
		}
		if c.Audience != ToFulfillers {
			out = append(out, revision)
			continue
		}
		for _, address := range fulfillers {
			revision.Address = address
			out = append(out, revision)
		}
	}
	return append(out, p.further...)
}

// outdated tells whether there is a newer revision of a card. What IT reads in its
// channel has a revision; an admin who is told directly reads the same one.
func (p *postings) outdated(c Card) bool {
	base, revision := c.Audience.Parts()
	c.Audience, c.Address, c.News = base, "", ""
	if base == ToIT {
		c.Reader = ""
	}
	return p.revisions[c] > max(revision, 1)
}
