package bottest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/people/peopletest"
)

// Monday is the moment at which everything begins.
func Monday() time.Time {
	return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
}

// Maya asks for things.
func Maya() access.Person {
	return access.Person{ID: peopletest.ID("maya"), Email: "maya@acme.example", Name: "Maya Lind", Title: "Designer", Department: "Brand", Manager: peopletest.ID("noor"),
		Kind: access.Employee, Standing: access.Active, Since: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)}
}

// Noor is her manager.
func Noor() access.Person {
	return access.Person{ID: peopletest.ID("noor"), Email: "noor@acme.example", Name: "Noor Haddad", Kind: access.Employee, Standing: access.Active}
}

// Omar is IT, and owns Figma.
func Omar() access.Person {
	return access.Person{ID: peopletest.ID("omar"), Email: "omar@acme.example", Name: "Omar Reyes", Kind: access.Employee, Standing: access.Active}
}

// Editor is a role of Figma that Noor or Omar approve.
func Editor() catalog.Role {
	return catalog.Role{ID: "editor", Name: "Editor", Description: "Edit every file of the brand team", Route: "manager", Risk: catalog.Medium,
		Groups:    []catalog.GroupRef{{Directory: "okta", Group: "figma-editors"}},
		Durations: catalog.Durations{Choices: []time.Duration{6 * time.Hour, 2 * catalog.Week, catalog.Forever}, Default: 2 * catalog.Week}, Extend: catalog.Extend{MaxTimes: 2}}
}

// Viewer is a role of Figma that nobody has to approve.
func Viewer() catalog.Role {
	return catalog.Role{ID: "viewer", Name: "Viewer", Route: "nobody", Risk: catalog.Low,
		Groups:    []catalog.GroupRef{{Directory: "okta", Group: "figma-viewers"}},
		Durations: catalog.Durations{Choices: []time.Duration{catalog.Forever}, Default: catalog.Forever}}
}

// Figma is set up by the directory.
func Figma() catalog.App {
	return catalog.App{ID: "figma", Name: "Figma", Description: "Design together", Category: "Design", Status: catalog.Approved,
		Provisioning: catalog.ByDirectory, Owners: []string{"omar@acme.example"}, Icon: ":art:",
		Opens: catalog.Opening{URL: "https://acme.slack.com/figma", How: "Sign in with your work account, then ask your team for its files."}, Roles: []catalog.Role{Editor(), Viewer()}}
}

// Vault is set up manually, and its role can do harm.
func Vault() catalog.App {
	return catalog.App{ID: "vault", Name: "Vault", Category: "Security", Status: catalog.Approved, Provisioning: catalog.Manual,
		FulfilledBy: []string{"omar@acme.example"}, Roles: []catalog.Role{{ID: "admin", Name: "Admin", Route: "both", Risk: catalog.High,
			Assurance: catalog.Confirm, Durations: catalog.Durations{Choices: []time.Duration{time.Hour}, Default: time.Hour, Max: time.Hour, Required: true}}}}
}

// ApprovalRoutes are the routes of the roles.
func ApprovalRoutes() []catalog.Route {
	return []catalog.Route{
		{Name: "manager", Stages: []catalog.Stage{{Approvers: managerOrOwner()}}},
		{Name: "both", Stages: []catalog.Stage{{Need: catalog.Need{All: true}, Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Security}}}}},
		{Name: "twice", Stages: []catalog.Stage{
			{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}, {Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		}},
		{Name: "nobody"},
	}
}

// Minute is so many minutes after the beginning.
func Minute(minutes int) time.Time { return Monday().Add(time.Duration(minutes) * time.Minute) }

func slackActor(p access.Person) access.Actor {
	return access.Actor{Person: p.ID, Via: access.ViaSlack}
}

// Asked is a case that waits for Noor or Omar.
func Asked() access.Case {
	return access.Case{
		App: Figma(), Role: Editor(), Requester: Maya(), Beneficiary: Maya(), Fulfillers: []access.PersonID{Omar().ID}, Approvers: []access.Person{Noor(), Omar()},
		People: map[access.PersonID]access.Person{Noor().ID: Noor(), Omar().ID: Omar()},
		Request: access.Request{
			ID: "AR-7K2M9QXW", Requester: Maya().ID, Beneficiary: Maya().ID, App: "figma", Role: "editor", Wanted: 6 * time.Hour, Allowed: 6 * time.Hour,
			Reason: "Launch assets for <Spring> & summer", Route: "manager", State: access.RequestPending, Created: Minute(0),
			Issue:  access.Issue{Key: "IT-1", URL: "https://jira.acme.example/browse/IT-1", Portal: "https://jira.acme.example/servicedesk/customer/portal/10/IT-1"},
			Stages: []access.Stage{{Sources: managerOrOwner(), Asked: []access.PersonID{Noor().ID, Omar().ID}, AskedAt: Minute(1)}},
		},
	}
}

func managerOrOwner() []catalog.Approver {
	return []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}
}

// Change copies a case and applies edits to it.
func Change(c access.Case, edits ...func(*access.Case)) access.Case {
	c.Request.Stages = append([]access.Stage(nil), c.Request.Stages...)
	for _, edit := range edits {
		edit(&c)
	}
	return c
}

// Answered lets somebody answer the current stage.
func Answered(by access.Person, yes bool, reason string) func(*access.Case) {
	return func(c *access.Case) {
		st := &c.Request.Stages[c.Request.Stage]
		st.Answers = append(append([]access.Answer(nil), st.Answers...), access.Answer{By: slackActor(by), Yes: yes, Reason: reason, At: Minute(5)})
	}
}

// Decided puts the request into a state.
func Decided(s access.RequestState) func(*access.Case) {
	return func(c *access.Case) { c.Request.State, c.Request.Decided = s, Minute(5) }
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

// Tried has what is stuck be tried again by itself.
func Tried(c *access.Case) { c.Tried = true }

func happened(kind access.EventKind, by access.Actor, note string) func(*access.Case) {
	return func(c *access.Case) {
		c.Story = append(append([]access.Event(nil), c.Story...), access.Event{N: uint64(len(c.Story) + 1), Kind: kind, Actor: by, At: Minute(20 + len(c.Story)), Note: note})
	}
}

// Said lets somebody ask or answer a question.
func Said(kind access.EventKind, by access.Person, words string) func(*access.Case) {
	return func(c *access.Case) {
		happened(kind, slackActor(by), "")(c)
		c.Story[len(c.Story)-1].Reason = words
	}
}

func longer(c *access.Case) { c.Request.Extends = "G-OTHER" }

// emergency turns a case into one that nobody was asked about.
func emergency(c *access.Case) {
	c.Request.BreakGlass, c.Request.Stages, c.Request.Incident, c.Request.Skipped = true, nil, "OPS-7", managerOrOwner()
	Decided(access.RequestApproved)(c)
	happened(access.EventBreakGlass, slackActor(Maya()), "")(c)
}

// reviewed asks Noor and Omar about it; a is what came of it.
func reviewed(a *access.Answer) func(*access.Case) {
	return func(c *access.Case) {
		happened(access.EventReviewAsked, access.System(), "")(c)
		c.Request.Review = &access.Review{Asked: []access.PersonID{Noor().ID, Omar().ID}, Rounds: 1, Answer: a}
	}
}

// Manual makes the case one of Vault.
func Manual(c *access.Case) {
	c.App, c.Role = Vault(), Vault().Roles[0]
	c.Request.App, c.Request.Role = "vault", "admin"
}

func everybody(c *access.Case) { c.Request.Stages[0].Need = catalog.Need{All: true} }

func unasked(c *access.Case) { c.Request.Stages[0].Asked, c.Approvers = nil, nil }

func revoked(end access.End, by access.Actor) func(*access.Grant) {
	return func(g *access.Grant) { g.Revoking, g.End, g.EndedBy, g.Started = true, end, by, Minute(10) }
}

// Situations are the situations a case can be in, by name.
func Situations() map[string]access.Case {
	all := map[string]access.Case{}
	for _, some := range []func() map[string]access.Case{undecided, given, byHand, inTrouble, overTime, emergencies} {
		maps.Copy(all, some())
	}
	return all
}

func approved() access.Case {
	return Change(Asked(), Answered(Noor(), true, ""), Decided(access.RequestApproved))
}

// undecided are requests before anything is given, and those for which nothing is.
func undecided() map[string]access.Case {
	c := Asked()
	return map[string]access.Case{
		"new":        Change(c, unasked, func(c *access.Case) { c.Request.Issue = access.Issue{} }),
		"asked":      c,
		"unplaced":   Change(c, func(c *access.Case) { c.Request.Lacks = []string{"okta"} }),
		"unroutable": Change(c, unasked, happened(access.EventUnroutable, access.System(), "Nobody can be found who may decide this. Add a manager in the directory, then retry.")),
		"half":       Change(c, everybody, Answered(Noor(), true, "")),
		"denied":     Change(c, Answered(Noor(), false, "Use the shared library instead.\nAsk Omar."), Decided(access.RequestDenied)),
		"cancelled":  Change(c, Decided(access.RequestCancelled), happened(access.EventCancelled, slackActor(Maya()), "")),
		"lapsed":     Change(c, Decided(access.RequestLapsed)),
		"for-another": Change(c, func(c *access.Case) {
			c.Beneficiary, c.Request.Beneficiary = Omar(), Omar().ID
			c.Approvers = []access.Person{Noor()}
		}),
		"claimed":    Change(c, func(c *access.Case) { c.Request.Stages[0].Claim = access.Claim{By: Omar().ID, At: Minute(3)} }),
		"questioned": Change(c, Said(access.EventQuestioned, Noor(), "Which <files> & why?")),
		"discussed":  Change(c, Said(access.EventQuestioned, Noor(), "Which files?"), Said(access.EventReplied, Maya(), "The launch\nand the icons")),
		"more-time":  Change(c, longer),
	}
}

// given are changes that Latchkey makes, from waiting to their end.
func given() map[string]access.Case {
	c := Asked()
	yes := approved()
	return map[string]access.Case{
		"automatic":  Change(c, Decided(access.RequestApproved), func(c *access.Case) { c.Request.Stages = nil }),
		"unrecorded": Change(yes, granted(access.GrantWaiting, nil), func(c *access.Case) { c.Request.Issue = access.Issue{} }),
		"preparing":  Change(yes, granted(access.GrantProvisioning, nil)),
		"active":     Change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(10), Minute(370) })),
		"forever":    Change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started = Minute(10) })),
		"shortened":  Change(yes, func(c *access.Case) { c.Request.Wanted = 2 * catalog.Week }, granted(access.GrantProvisioning, nil)),
		"ending":     Change(yes, granted(access.GrantEnding, revoked(access.EndExpired, access.System()))),
		"returned": Change(yes, granted(access.GrantEnded, func(g *access.Grant) {
			revoked(access.EndReturned, slackActor(Maya()))(g)
			g.Finished, g.Entitlements = Minute(100), []access.Entitlement{
				{Group: catalog.GroupRef{Directory: "okta", Group: "figma-all"}, State: access.EntitlementKept, Absent: true},
				{Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, State: access.EntitlementRemoved},
			}
		})),
		"never-given": Change(yes, granted(access.GrantEnded, func(g *access.Grant) { g.End, g.Finished = access.EndLeft, Minute(40) })),
	}
}

// byHand are changes that a person makes.
func byHand() map[string]access.Case {
	manual := Change(approved(), Manual)
	return map[string]access.Case{
		"manual":        Change(manual, granted(access.GrantManual, nil)),
		"manual-done":   Change(manual, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(30), Minute(390) }), happened(access.EventFulfilled, slackActor(Omar()), "")),
		"manual-remove": Change(manual, granted(access.GrantManual, revoked(access.EndRevoked, slackActor(Omar())))),
		"manual-taken":  Change(manual, granted(access.GrantManual, func(g *access.Grant) { g.TakenBy, g.TakenAt = Omar().ID, Minute(20) })),
		"manual-impossible": Change(manual, granted(access.GrantEnded, func(g *access.Grant) {
			g.End, g.EndedBy, g.Finished = access.EndUnfulfilled, slackActor(Omar()), Minute(40)
		}), Said(access.EventNotFulfilled, Omar(), "No licence is left until March.")),
		"manual-stuck": Change(manual, granted(access.GrantStuck, func(g *access.Grant) {
			revoked(access.EndExpired, access.System())(g)
			g.Problem = "Their support has to do it"
		}), Said(access.EventNotFulfilled, Omar(), "Their support has to do it")),
	}
}

// inTrouble are those that wait for IT.
func inTrouble() map[string]access.Case {
	yes := approved()
	return map[string]access.Case{
		"stuck": Change(yes, granted(access.GrantStuck, func(g *access.Grant) {
			g.Problem = "Okta refused the change: the group figma-editors is filled by a rule. Change the rule"
		})),
		"stuck-gone": Change(yes, granted(access.GrantStuck, func(g *access.Grant) {
			revoked(access.EndExpired, access.System())(g)
			g.Problem = "Okta does not answer"
		}), Tried),
		"blocked": Change(yes, granted(access.GrantProvisioning, nil), happened(access.EventTaskBlocked, access.System(), "Jira refused the comment: the token has expired. Renew it")),
		"retried": Change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(30), Minute(390) }), happened(access.EventStuck, access.System(), "x"), happened(access.EventRetried, slackActor(Omar()), "")),
	}
}

// overTime are those whose end comes near or moves.
func overTime() map[string]access.Case {
	yes := approved()
	return map[string]access.Case{
		"reminded": Change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(10), Minute(370) }), happened(access.EventReminded, access.System(), "")),
		"extended": Change(yes, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(10), Minute(730) }),
			happened(access.EventReminded, access.System(), ""), happened(access.EventExtended, slackActor(Maya()), "")),
		"more-time-given": Change(yes, longer),
	}
}

// emergencies are roles that were taken at once.
func emergencies() map[string]access.Case {
	c := Asked()
	return map[string]access.Case{
		"emergency":       Change(c, emergency, granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(10), Minute(70) })),
		"emergency-asked": Change(c, emergency, reviewed(nil), granted(access.GrantActive, func(g *access.Grant) { g.Started, g.Ends = Minute(10), Minute(70) })),
		"emergency-right": Change(c, emergency, reviewed(&access.Answer{By: slackActor(Omar()), Yes: true, At: Minute(90)}),
			granted(access.GrantEnded, func(g *access.Grant) { revoked(access.EndExpired, access.System())(g); g.Finished = Minute(71) })),
		"emergency-wrong": Change(c, emergency, reviewed(&access.Answer{By: slackActor(Omar()), Reason: "There was no incident", At: Minute(40)}),
			granted(access.GrantEnded, func(g *access.Grant) { revoked(access.EndRevoked, slackActor(Omar()))(g); g.Finished = Minute(41) })),
	}
}

// EvilTexts is text as the world may hold it.
func EvilTexts() map[string]string {
	return map[string]string{
		"long":    strings.Repeat("Maximilian ", 50),
		"word":    strings.Repeat("x", 500),
		"mention": "<!channel> <@U0ADMIN> <!subteam^S1> @everyone",
		"link":    "<https://evil.test|IT-1> & co",
		"amps":    strings.Repeat("&", 1000),
		"emoji":   strings.Repeat("👨‍👩‍👧‍👦🏳️‍🌈", 60),
		"rtl":     "\u202eمرحبا بالعالم" + strings.Repeat("ש", 400),
		"lines":   strings.Repeat("a\n", 500),
		"quotes":  "`rm -rf` *bold* _it_ ~no~ > said\n> fake quote",
		"zalgo":   strings.Repeat("e\u0301\u0302\u0303", 200),
		"percent": "100%s of %d %!v(MISSING) %",
		"empty":   "",
		"blank":   " \n\t ",
		"invalid": "\xff\xfe",
	}
}

// WithText puts text into every place that takes text of others.
func WithText(c access.Case, text string) access.Case {
	c.App.Name, c.Role.Name, c.Role.Description = text, text, text
	c.Fulfillers = []access.PersonID{access.PersonID(text), access.PersonID(text)}
	c.Requester.Name, c.Beneficiary.Name = text, text
	c.Beneficiary.Title, c.Beneficiary.Department, c.Beneficiary.Manager = text, text, access.PersonID(text)
	c.Request.Reason, c.Request.Issue.Key = text, text
	c.Request.Stages = slices.Clone(c.Request.Stages)
	for i := range c.Request.Stages {
		for range 40 {
			c.Request.Stages[i].Asked = append(c.Request.Stages[i].Asked, access.PersonID(text))
		}
		for j := range c.Request.Stages[i].Answers {
			c.Request.Stages[i].Answers[j].Reason = text
		}
	}
	for range 100 {
		c.Role.Groups = append(c.Role.Groups, catalog.GroupRef{Directory: "okta", Group: text})
	}
	if c.Grant != nil {
		g := *c.Grant
		g.Problem = text
		c.Grant = &g
	}
	for i := range c.Story {
		c.Story[i].Note = text
	}
	return c
}

// Shows is what a card of a case shows.
func Shows(c access.Case) notify.Content {
	return notify.RequestContent{Case: c, Nudge: c.Request.Nudgeable()}
}

// WithAccount is the person with a Slack account.
func WithAccount(p access.Person, id string) access.Person {
	p.Bindings = []access.Binding{{System: "slack", ID: id}}
	return p
}
