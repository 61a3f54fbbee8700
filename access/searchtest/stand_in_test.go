package searchtest

import (
	"slices"

	"latchkey/access"
	"latchkey/catalog"
)

// attempt is an answer that somebody gives for somebody else.
type attempt struct {
	by, of person
	found  crowd // who decides, by whatever way they are found
	away   pairs
	may    bool // if the stage is still to be answered
	whole  bool // nobody else is waited for
}

func attempts() []attempt {
	return []attempt{
		{by: lena, of: noor, found: crowdOf(noor, lena), away: lenaForNoor, may: true, whole: true},
		{by: lena, found: crowdOf(noor, lena), away: lenaForNoor},                                          // in nobody's place
		{by: lena, of: omar, found: crowdOf(noor, omar, lena), away: lenaForNoor},                          // in the place of somebody else who may
		{by: lena, of: noor, found: crowdOf(lena), away: lenaForNoor},                                      // of somebody who may not decide
		{by: rui, of: lena, found: crowdOf(noor, lena, rui), away: lenaForNoor | ruiForLena},               // of a delegate
		{by: noor, of: maya, found: crowdOf(noor, maya), away: noorForMaya},                                // of who asks
		{by: maya, of: noor, found: crowdOf(noor, maya), away: mayaForNoor},                                // to their own request
		{by: lena, of: noor, found: crowdOf(noor), away: lenaForNoor},                                      // not found any more
		{by: lena, of: omar, found: crowdOf(noor, omar, lena), away: lenaForNoor | lenaForOmar, may: true}, // of one of two
	}
}

// inPlaces tries every answer that is given for somebody else, at every moment.
func (m *model) inPlaces(r access.Request) string {
	if r.State != access.RequestPending || len(r.Stages) == 0 || m.world.away == 0 {
		return ""
	}
	for _, a := range attempts() {
		for _, kind := range []access.EventKind{access.EventApproved, access.EventDenied} {
			c := said(kind, a.by)
			c.approvers, c.away, c.place, c.signed = a.found, a.away, a.of, true
			next, _, err := r.Apply(c.fill(r.Event(kind, a.by.actor(), now)), now)
			if may := a.may && unanswered(&r, a.by, a.of); (err == nil) != may {
				return "4. " + string(a.by.id()) + " answers for " + string(a.of.id()) + ": it counts, and they may not, or the other way round"
			}
			if err == nil && !namesBoth(next, r.Stage, a) {
				return "6. an answer for somebody else doesn't say for whom"
			}
			if goesOn := err == nil && next.Stage == r.Stage && next.State == r.State; goesOn {
				if a.whole && kind == access.EventApproved {
					return "7. a stage waits for those in whose place it was answered"
				}
				if why := m.placeIsTaken(next, a); why != "" {
					return why
				}
			}
		}
	}
	return m.answeredFirst(r)
}

func namesBoth(r access.Request, stage int, a attempt) bool {
	return slices.ContainsFunc(r.Stages[stage].Answers, func(given access.Answer) bool {
		return given.By.Person == a.by.id() && given.For == a.of.id()
	})
}

// answeredFirst has who decides by themselves answer, and then somebody in their place.
func (m *model) answeredFirst(r access.Request) string {
	c := said(access.EventApproved, noor)
	c.approvers, c.away, c.signed = crowdOf(noor, omar, lena), lenaForNoor, true
	next, _, err := r.Apply(c.fill(r.Event(c.kind, noor.actor(), now)), now)
	if err != nil || next.Stage != r.Stage || next.State != r.State {
		return ""
	}
	c.by, c.place = lena, noor
	if _, _, err := next.Apply(c.fill(next.Event(c.kind, lena.actor(), now)), now); err == nil {
		return "4. one place is filled twice"
	}
	return ""
}

// placeIsTaken has whose place was filled answer as well: they would count twice.
func (m *model) placeIsTaken(r access.Request, a attempt) string {
	c := said(access.EventApproved, a.of)
	c.approvers, c.signed = a.found, true
	if _, _, err := r.Apply(c.fill(r.Event(c.kind, a.of.actor(), now)), now); err == nil {
		return "4. one place is filled twice"
	}
	return ""
}

// whoStandsIn tries on every request who is found in the place of others.
func (m *model) whoStandsIn(r access.Request) string {
	for _, away := range []pairs{lenaForNoor | ruiForLena, ruiForLena | lenaForNoor | lenaForOmar, mayaForNoor | noorForMaya | lenaForNoor} {
		got := access.Delegated(r, crowdOf(noor).ids(), away.delegations(), now)
		if pairsOf(got) != lenaForNoor || len(got) != 1 {
			return "4. somebody is found in the place of who may not have them decide"
		}
		if over := access.Delegated(r, crowdOf(noor).ids(), away.delegations(), now.Add(catalog.Day)); len(over) > 0 {
			return "4. somebody decides for another one whose absence is over"
		}
	}
	if got := access.Delegated(r, crowdOf(noor, lena).ids(), lenaForNoor.delegations(), now); len(got) > 0 {
		return "4. who decides by themselves is said to do so for somebody else"
	}
	return ""
}
