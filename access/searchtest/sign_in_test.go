package searchtest

import (
	"latchkey/access"
	"latchkey/catalog"
)

// strict is the catalogue once the first group is privileged.
func strict(c *catalog.Catalog) *catalog.Catalog {
	return c.Under(catalog.Policy{Privileged: []catalog.GroupRef{groups[0]}}).WithSignIn()
}

// role is what a request asks for, as the catalogue has it at this moment.
func (m *model) role(s *state, r *access.Request) catalog.Role {
	c := m.catalog
	if s.Strict {
		c = m.strict
	}
	_, role, _ := c.Role(r.App, r.Role)
	return role
}

// needsSignIn tells whether a yes to a request needs a sign-in, without asking what is shipped.
func (m *model) needsSignIn(s *state, i int) bool {
	r := m.requestAt(s, i)
	return r.Role == root || r.Role == keys || s.Strict
}

// door asks for the sign-in before an answer is taken, as every door does.
func (m *model) door(s *state, i int, c cue) (refusal string) {
	if c.kind == access.EventAnswerKept {
		c.kind = c.answer
	}
	if c.kind != access.EventApproved && c.kind != access.EventBreakGlass {
		return ""
	}
	r := m.requestAt(s, i)
	if err := access.SignInMissing(m.role(s, r), c.fill(r.Event(c.kind, c.by.actor(), now))); err != nil {
		return err.Error()
	}
	return ""
}

// 4. A yes to a role that asks for a sign-in has one, every yes of it, however it came to count.
func signedFor(r access.Request) string {
	if r.Role != root && r.Role != keys {
		return ""
	}
	if !r.StepUp {
		return "4. it is forgotten that a role asks for a sign-in"
	}
	for _, st := range r.Stages {
		for _, a := range st.Answers {
			if a.Yes && a.SignedIn == nil {
				return "4. a click is enough for a yes that needs a sign-in"
			}
		}
	}
	for _, k := range r.Waiting {
		if k.As == access.EventApproved && k.SignedIn == nil {
			return "4. a yes is kept that can't count, for want of a sign-in"
		}
	}
	return ""
}

// unsigned tries a yes, and taking the role, without a sign-in and with one.
func (m *model) unsigned(r access.Request) string {
	for _, kind := range []access.EventKind{access.EventApproved, access.EventBreakGlass} {
		for _, signed := range []bool{false, true} {
			c := said(kind, noor)
			if c.signed, c.approvers = signed, crowdOf(noor); kind == access.EventBreakGlass {
				c.by = maya
			}
			e := c.fill(r.Event(kind, c.by.actor(), now))
			_, role, _ := m.strict.Role(r.App, r.Role)
			if err := access.SignInMissing(role, e); (err == nil) != signed && r.App == "figma" {
				return "4. no door asks for the sign-in that a privileged group needs, or asks for another"
			}
			if _, _, err := r.Apply(e, now); err == nil && r.StepUp && !signed {
				return "4. a click is enough for what needs a sign-in"
			}
		}
	}
	return ""
}

// 2. A role of high risk always has an end: it can't be asked for without, and is never given without.
func (m *model) unending(r access.Request) string {
	_, role, _ := m.catalog.Role(r.App, r.Role)
	if role.Risk != catalog.High {
		return ""
	}
	if r.Wanted == catalog.Forever || r.Allowed == catalog.Forever {
		return "2. a role of high risk is asked for, or approved, with no end"
	}
	in := access.Ask{ID: "AR-9", Requester: lena.account(), Beneficiary: lena.account(), App: r.App, Role: r.Role, Wanted: catalog.Forever, Reason: hint}
	if _, _, _, err := access.Submit(m.endless, in, access.Standings{}, now); err == nil {
		return "2. a role of high risk can be asked for with no end"
	}
	e := said(access.EventApproved, noor)
	e.approvers, e.signed = crowdOf(noor), true
	shorter := e.fill(r.Event(e.kind, noor.actor(), now))
	shorter.Wanted = -1
	if _, _, err := r.Apply(shorter, now); err == nil {
		return "2. a role of high risk is approved for no time that can end"
	}
	return ""
}
