package bot

import (
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/people/peopletest"
)

// The cast and the stage of the tests.
var (
	monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

	maya = access.Person{ID: peopletest.ID("maya"), Email: "maya@acme.example", Name: "Maya Lind", Title: "Designer", Department: "Brand", Manager: peopletest.ID("noor"),
		Kind: access.Employee, Standing: access.Active, Since: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)}
	noor = access.Person{ID: peopletest.ID("noor"), Email: "noor@acme.example", Name: "Noor Haddad", Kind: access.Employee, Standing: access.Active}
	omar = access.Person{ID: peopletest.ID("omar"), Email: "omar@acme.example", Name: "Omar Reyes", Kind: access.Employee, Standing: access.Active}

	editor = catalog.Role{ID: "editor", Name: "Editor", Description: "Edit every file of the brand team", Route: "manager", Risk: catalog.Medium,
		Groups:    []catalog.GroupRef{{Directory: "okta", Group: "figma-editors"}},
		Durations: catalog.Durations{Choices: []time.Duration{6 * time.Hour, 2 * catalog.Week, catalog.Forever}, Default: 2 * catalog.Week}, Extend: catalog.Extend{MaxTimes: 2}}
	viewer = catalog.Role{ID: "viewer", Name: "Viewer", Route: "nobody", Risk: catalog.Low,
		Groups:    []catalog.GroupRef{{Directory: "okta", Group: "figma-viewers"}},
		Durations: catalog.Durations{Choices: []time.Duration{catalog.Forever}, Default: catalog.Forever}}
	figma = catalog.App{ID: "figma", Name: "Figma", Description: "Design together", Category: "Design", Status: catalog.Approved,
		Provisioning: catalog.ByDirectory, Owners: []string{"omar@acme.example"}, Roles: []catalog.Role{editor, viewer}}
	vault = catalog.App{ID: "vault", Name: "Vault", Category: "Security", Status: catalog.Approved, Provisioning: catalog.Manual,
		FulfilledBy: []string{"omar@acme.example"}, Roles: []catalog.Role{{ID: "admin", Name: "Admin", Route: "both", Risk: catalog.High,
			Assurance: catalog.Confirm, Durations: catalog.Durations{Choices: []time.Duration{time.Hour}, Default: time.Hour, Max: time.Hour, Required: true}}}}
)

func routes() []catalog.Route {
	return []catalog.Route{
		{Name: "manager", Stages: []catalog.Stage{{Approvers: managerOrOwner()}}},
		{Name: "both", Stages: []catalog.Stage{{Need: catalog.Need{All: true}, Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Security}}}}},
		{Name: "twice", Stages: []catalog.Stage{
			{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}, {Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		}},
		{Name: "nobody"},
	}
}

func at(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }

func slackActor(p access.Person) access.Actor {
	return access.Actor{Person: p.ID, Via: access.ViaSlack}
}

// asked is a case that waits for Noor or Omar.
func asked() access.Case {
	return access.Case{
		App: figma, Role: editor, Requester: maya, Beneficiary: maya, Fulfillers: []access.PersonID{omar.ID}, Approvers: []access.Person{noor, omar},
		People: map[access.PersonID]access.Person{noor.ID: noor, omar.ID: omar},
		Request: access.Request{
			ID: "AR-7K2M9QXW", Requester: maya.ID, Beneficiary: maya.ID, App: "figma", Role: "editor", Wanted: 6 * time.Hour, Allowed: 6 * time.Hour,
			Reason: "Launch assets for <Spring> & summer", Route: "manager", State: access.RequestPending, Created: at(0),
			Issue:  access.Issue{Key: "IT-1", URL: "https://jira.acme.example/browse/IT-1"},
			Stages: []access.Stage{{Sources: managerOrOwner(), Asked: []access.PersonID{noor.ID, omar.ID}, AskedAt: at(1)}},
		},
	}
}

func managerOrOwner() []catalog.Approver {
	return []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}
}

// change copies a case and applies edits to it.
func change(c access.Case, edits ...func(*access.Case)) access.Case {
	c.Request.Stages = append([]access.Stage(nil), c.Request.Stages...)
	for _, edit := range edits {
		edit(&c)
	}
	return c
}

func answered(by access.Person, yes bool, reason string) func(*access.Case) {
	return func(c *access.Case) {
		st := &c.Request.Stages[c.Request.Stage]
		st.Answers = append(append([]access.Answer(nil), st.Answers...), access.Answer{By: slackActor(by), Yes: yes, Reason: reason, At: at(5)})
	}
}

func decided(s access.RequestState) func(*access.Case) {
	return func(c *access.Case) { c.Request.State, c.Request.Decided = s, at(5) }
}

func granted(s access.GrantState, edit func(*access.Grant)) func(*access.Case) {
	return func(c *access.Case) {
		g := access.Grant{ID: "G-7K2M9QXW", Person: c.Request.Beneficiary, App: c.Request.App, Role: c.Request.Role, State: s, Wanted: c.Request.Allowed, Manual: c.App.Provisioning == catalog.Manual}
		if edit != nil {
			edit(&g)
		}
		c.Grant = &g
	}
}

func happened(kind access.EventKind, by access.Actor, note string) func(*access.Case) {
	return func(c *access.Case) {
		c.Story = append(append([]access.Event(nil), c.Story...), access.Event{N: uint64(len(c.Story) + 1), Kind: kind, Actor: by, At: at(20 + len(c.Story)), Note: note})
	}
}

func said(kind access.EventKind, by access.Person, words string) func(*access.Case) {
	return func(c *access.Case) {
		happened(kind, slackActor(by), "")(c)
		c.Story[len(c.Story)-1].Reason = words
	}
}

func longer(c *access.Case) { c.Request.Extends = "G-OTHER" }

// emergency turns a case into one that nobody was asked about.
func emergency(c *access.Case) {
	c.Request.Emergency, c.Request.Stages, c.Request.Incident, c.Request.Skipped = true, nil, "OPS-7", managerOrOwner()
	decided(access.RequestApproved)(c)
	happened(access.EventBreakGlass, slackActor(maya), "")(c)
}

// reviewed asks Noor and Omar about it; a is what came of it.
func reviewed(a *access.Answer) func(*access.Case) {
	return func(c *access.Case) {
		happened(access.EventReviewAsked, access.System(), "")(c)
		c.Request.Review = &access.Review{Asked: []access.PersonID{noor.ID, omar.ID}, Rounds: 1, Answer: a}
	}
}

func manual(c *access.Case) {
	c.App, c.Role = vault, vault.Roles[0]
	c.Request.App, c.Request.Role = "vault", "admin"
}

func everybody(c *access.Case) { c.Request.Stages[0].Need = catalog.Need{All: true} }

func unasked(c *access.Case) { c.Request.Stages[0].Asked, c.Approvers = nil, nil }

func revoked(end access.End, by access.Actor) func(*access.Grant) {
	return func(g *access.Grant) { g.Revoking, g.End, g.EndedBy, g.Started = true, end, by, at(10) }
}

// lives are the situations a case can be in, by name.
func lives() map[string]access.Case {
	c := asked()
	yes := change(c, answered(noor, true, ""), decided(access.RequestApproved))
	byHand := change(yes, manual)
	return map[string]access.Case{
		"new":        change(c, unasked, func(c *access.Case) { c.Request.Issue = access.Issue{} }),
		"asked":      c,
		"unroutable": change(c, unasked, happened(access.EventUnroutable, access.System(), "Nobody can be found who may decide this. Add a manager in the directory, then retry.")),
		"half":       change(c, everybody, answered(noor, true, "")),
		"denied":     change(c, answered(noor, false, "Use the shared library instead.\nAsk Omar."), decided(access.RequestDenied)),
		"withdrawn":  change(c, decided(access.RequestCancelled), happened(access.EventCancelled, slackActor(maya), "")),
		"lapsed":     change(c, decided(access.RequestLapsed)),
		"automatic":  change(c, decided(access.RequestApproved), func(c *access.Case) { c.Request.Stages = nil }),
		"unrecorded": change(yes, granted(access.GrantWaiting, nil), func(c *access.Case) { c.Request.Issue = access.Issue{} }),
		"preparing":  change(yes, granted(access.GrantProvisioning, nil)),
		"active":     change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(10), at(370) })),
		"forever":    change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started = at(10) })),
		"shortened":  change(yes, func(c *access.Case) { c.Request.Wanted = 2 * catalog.Week }, granted(access.GrantProvisioning, nil)),
		"for-another": change(c, func(c *access.Case) {
			c.Beneficiary, c.Request.Beneficiary = omar, omar.ID
			c.Approvers = []access.Person{noor}
		}),
		"ending": change(yes, granted(access.GrantEnding, revoked(access.EndExpired, access.System()))),
		"stuck": change(yes, granted(access.GrantStuck, func(g *access.Grant) {
			g.Problem = "Okta refused the change: the group figma-editors is filled by a rule. Change the rule"
		})),
		"stuck-gone": change(yes, granted(access.GrantStuck, func(g *access.Grant) {
			revoked(access.EndExpired, access.System())(g)
			g.Problem = "Okta does not answer"
		})),
		"blocked":     change(yes, granted(access.GrantProvisioning, nil), happened(access.EventTaskBlocked, access.System(), "Jira refused the comment: the token has expired. Renew it")),
		"retried":     change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(30), at(390) }), happened(access.EventStuck, access.System(), "x"), happened(access.EventRetried, slackActor(omar), "")),
		"by-hand":     change(byHand, granted(access.GrantManual, nil)),
		"hand-done":   change(byHand, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(30), at(390) }), happened(access.EventFulfilled, slackActor(omar), "")),
		"hand-remove": change(byHand, granted(access.GrantManual, revoked(access.EndRevoked, slackActor(omar)))),
		"returned": change(yes, granted(access.GrantEnded, func(g *access.Grant) {
			revoked(access.EndReturned, slackActor(maya))(g)
			g.Finished, g.Entitlements = at(100), []access.Entitlement{{State: access.EntitlementKept}, {State: access.EntitlementRemoved}}
		})),
		"claimed":    change(c, func(c *access.Case) { c.Request.Stages[0].Claim = access.Claim{By: omar.ID, At: at(3)} }),
		"questioned": change(c, said(access.EventQuestioned, noor, "Which <files> & why?")),
		"discussed":  change(c, said(access.EventQuestioned, noor, "Which files?"), said(access.EventReplied, maya, "The launch\nand the icons")),
		"reminded":   change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(10), at(370) }), happened(access.EventReminded, access.System(), "")),
		"extended": change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(10), at(730) }),
			happened(access.EventReminded, access.System(), ""), happened(access.EventExtended, slackActor(maya), "")),
		"more-time":       change(c, longer),
		"more-time-given": change(yes, longer),
		"emergency":       change(c, emergency, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(10), at(70) })),
		"emergency-asked": change(c, emergency, reviewed(nil), granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = at(10), at(70) })),
		"emergency-right": change(c, emergency, reviewed(&access.Answer{By: slackActor(omar), Yes: true, At: at(90)}),
			granted(access.GrantEnded, func(g *access.Grant) { revoked(access.EndExpired, access.System())(g); g.Finished = at(71) })),
		"emergency-wrong": change(c, emergency, reviewed(&access.Answer{By: slackActor(omar), Reason: "There was no incident", At: at(40)}),
			granted(access.GrantEnded, func(g *access.Grant) { revoked(access.EndRevoked, slackActor(omar))(g); g.Finished = at(41) })),
		"never-given": change(yes, granted(access.GrantEnded, func(g *access.Grant) { g.End, g.Finished = access.EndLeft, at(40) })),
	}
}
