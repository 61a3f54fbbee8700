package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// mentioned is how Slack writes a person in a command's text.
var mentioned = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>`)

// noApp says that no app is called that.
func noApp(text string) string {
	if text == "" {
		return "Please name an app as well."
	}
	return "Nothing in the catalogue is called “" + blocks.Clip(blocks.OneLine(blocks.Clean(text)), 60) + "”."
}

// naming is whom a text names: by a mention, or else by e-mail.
type naming struct {
	account string
	address access.Email
}

// personAndApp finds the person and the app that were named.
func (c *Commands) personAndApp(ctx context.Context, rest string) (access.Person, catalog.App, error) {
	named, app, err := c.named(rest)
	if err != nil {
		return access.Person{}, app, err
	}
	who, err := c.personOf(ctx, named)
	return who, app, err
}

// named reads a person and an app out of what was said, and asks nobody.
func (c *Commands) named(rest string) (n naming, app catalog.App, err error) {
	n, rest, err = personNamed(rest)
	if err != nil {
		return n, app, err
	}
	app, ok := modals.FindApp(c.catalog(), rest)
	if !ok {
		return n, app, access.Refuse(access.Unknown, "app", noApp(rest))
	}
	return n, app, nil
}

// personNamed reads a person out of what was said, and what else there is.
func personNamed(text string) (n naming, rest string, err error) {
	if hit := mentioned.FindStringSubmatch(text); hit != nil {
		return naming{account: hit[1]}, blocks.OneLine(strings.Replace(text, hit[0], "", 1)), nil
	}
	if field := addressIn(text); field != "" {
		return naming{address: access.NewEmail(field)}, blocks.OneLine(strings.Replace(text, field, "", 1)), nil
	}
	return n, text, access.Refuse(access.Invalid, "person", "Please name the person with an @ and choose them from Slack's list, or write their e-mail address.")
}

func addressIn(text string) string {
	for field := range strings.FieldsSeq(text) {
		if catalog.IsEmail(field) {
			return field
		}
	}
	return ""
}

func (c *Commands) personOf(ctx context.Context, n naming) (access.Person, error) {
	if n.account != "" {
		return c.people.Member(ctx, n.account)
	}
	return c.people.Had(ctx, n.address)
}

func (c *Commands) who(ctx context.Context, s invocation) ([]byte, error) {
	app, ok := modals.FindApp(c.catalog(), s.rest)
	if !ok {
		return payload.Ack(payload.Ephemeral(blocks.Escape(noApp(s.rest), blocks.MaxSection)))
	}
	list, err := c.query.Holders(ctx, s.actor(), app.ID, 0, 40)
	if err != nil {
		return nil, err
	}
	if list.Total == 0 {
		return payload.Ack(payload.Ephemeral("Nobody has access to " + blocks.Escape(app.Name, blocks.MaxName) + " through Latchkey."))
	}
	names := c.people.Names(ctx, holders(list.Items))
	var lines []string
	for _, h := range list.Items {
		lines = append(lines, "• *"+blocks.Escape(cards.NameOf(names, h.Grant.Person), blocks.MaxName)+"*: "+blocks.Escape(blocks.Or(h.Role.Name, h.Grant.Role), blocks.MaxName)+". "+lists.HeldText(h.Grant, c.now()))
	}
	return answerLines(blocks.Count(list.Total, "grant")+" of "+blocks.Escape(app.Name, blocks.MaxName), lines, list.Total)
}

func holders(list []query.Holding) []access.PersonID {
	var out []access.PersonID
	for _, h := range list {
		out = append(out, h.Grant.Person)
	}
	return out
}

func (c *Commands) why(ctx context.Context, s invocation) ([]byte, error) {
	who, app, err := c.personAndApp(ctx, s.rest)
	if err != nil {
		return nil, err
	}
	list, err := c.query.Why(ctx, s.actor(), who, app.ID)
	if err != nil {
		return nil, err
	}
	name := blocks.Escape(who.Display(), blocks.MaxName)
	if len(list) == 0 {
		return payload.Ack(payload.Ephemeral("Nothing here explains access of " + name + " to " + blocks.Escape(app.Name, blocks.MaxName) + ": they have none through Latchkey."))
	}
	full, err := c.readsAll(ctx, s, app)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, h := range list[:min(len(list), 20)] {
		said := []string{"• " + c.reason(ctx, h, full)}
		if full || who.ID == s.person.ID { // that nobody uses something is nobody else's to hear
			said = append(said, lists.SeatText(h.Seat, full))
		}
		lines = append(lines, strings.TrimSpace(strings.Join(said, " ")))
	}
	title := name + " has access to " + blocks.Escape(app.Name, blocks.MaxName) + ", because of " + blocks.Count(len(list), "grant")
	if !slices.ContainsFunc(list, func(h query.Holding) bool { return access.Given(h.Grant) }) {
		title = "Access of " + name + " to " + blocks.Escape(app.Name, blocks.MaxName) + " was not seen to be there: " + blocks.Count(len(list), "grant")
	}
	return answerLines(title, lines, len(list))
}

// readsAll tells whether somebody reads what everybody else has no use for: groups, and why
// something doesn't work.
func (c *Commands) readsAll(ctx context.Context, s invocation, app catalog.App) (bool, error) {
	caller, err := c.may.Caller(ctx, s.actor())
	if err != nil {
		return false, err
	}
	return c.may.May(caller, people.ActOversee, people.Matter{App: app.ID}) == nil, nil
}

// reason explains one grant; in full, with the groups it opens.
func (c *Commands) reason(ctx context.Context, h query.Holding, full bool) string {
	said := "*" + blocks.Escape(h.Label(c.catalog()), 2*blocks.MaxName) + "*"
	var groups []catalog.GroupRef
	for _, e := range h.Grant.Entitlements {
		groups = append(groups, e.Group)
	}
	if len(groups) > 0 && full {
		said += ", which opens " + cards.GroupNames(groups[:min(len(groups), 4)])
	}
	said += ". "
	if a, ok := h.Request.Decider(); ok && a.Yes {
		names := c.people.Names(ctx, []access.PersonID{a.By.Person, a.For})
		said += "Approved by " + blocks.Escape(cards.NameOf(names, a.By.Person), blocks.MaxName) + inPlaceOf(a.For, names) + ", " + blocks.When(a.At) + ". "
	} else if h.Request.BreakGlass {
		said += "Taken in an emergency; nobody was asked. "
	} else if h.Request.ID != "" {
		said += "Nobody had to be asked. "
	}
	said += lists.HeldText(h.Grant, c.now())
	if full {
		said += endsByItself(h.Grant)
	}
	return said + " " + lists.Origin(c.catalog(), h)
}

// endsByItself says of access that lasts whether its directories end it, too, should Latchkey not; "" where none was asked to.
func endsByItself(g access.Grant) string {
	by := func(e access.Entitlement) bool { return !e.Backstop.IsZero() }
	switch {
	case g.State != access.GrantActive || !slices.ContainsFunc(g.Entitlements, by):
		return ""
	case slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return !by(e) }):
		return " Of some groups the directory ends it by itself, too, should Latchkey not."
	}
	return " The directory ends it by itself, too, should Latchkey not."
}

// inPlaceOf says in whose place somebody answered; "" where in nobody's.
func inPlaceOf(who access.PersonID, names map[access.PersonID]access.Person) string {
	if who == "" {
		return ""
	}
	return ", for " + blocks.Escape(cards.NameOf(names, who), blocks.MaxName)
}

func (c *Commands) trace(ctx context.Context, s invocation) ([]byte, error) {
	who, app, err := c.personAndApp(ctx, s.rest)
	if err != nil {
		return nil, err
	}
	trace, err := c.query.Trace(ctx, s.actor(), who.ID, app.ID)
	if err != nil {
		return nil, err
	}
	events := trace.Events()
	title := blocks.Escape(who.Display(), blocks.MaxName) + " and " + blocks.Escape(app.Name, blocks.MaxName)
	if len(events) == 0 {
		return payload.Ack(payload.Ephemeral(title + ": nothing has happened between them here."))
	}
	const latest = 40
	shown := events[max(0, len(events)-latest):]
	var by []access.PersonID
	for _, e := range shown {
		by = append(by, e.Actor.Person, e.For)
	}
	names := c.people.Names(ctx, by)
	var lines []string
	if len(shown) < len(events) {
		lines = append(lines, "… "+blocks.Count(len(events)-len(shown), "earlier event")+". The command line shows all: latchkey evidence trace")
	}
	full, err := c.readsAll(ctx, s, app)
	if err != nil {
		return nil, err
	}
	for _, e := range shown {
		lines = append(lines, eventLine(e, names, full))
	}
	return answerLines(title+": "+blocks.Count(len(events), "event"), lines, len(lines))
}

// eventLine tells one event; in full, with the group it is about and what Latchkey says of it.
func eventLine(e access.Event, names map[access.PersonID]access.Person, full bool) string {
	text := blocks.Or(eventTexts()[e.Kind], string(e.Kind))
	if !full {
		text = blocks.Or(groupless()[e.Kind], text)
	}
	line := blocks.Stamp(e.At) + "  " + text
	if e.Group != nil && full {
		line += " " + cards.GroupNames([]catalog.GroupRef{*e.Group})
	}
	if e.Actor.Person != "" {
		line += ", by " + blocks.Escape(cards.NameOf(names, e.Actor.Person), blocks.MaxName) + inPlaceOf(e.For, names)
	} else if e.Actor.Via == access.ViaCLI && e.Actor.Account != "" {
		line += ", by " + blocks.Escape(e.Actor.Account, blocks.MaxName) + " on the command line"
	}
	if e.Issue != nil {
		line += " (" + blocks.Escape(e.Issue.Key, 40) + ")"
	}
	said := e.Reason
	if full {
		said = blocks.Or(e.Reason, e.Note)
	}
	if e.Kind == access.EventAnswerKept {
		said = "" // what the answer is is nobody's business as long as it doesn't count
	}
	if said != "" {
		line += ": " + blocks.Told(said, 120)
	}
	if full && e.Opening != nil && len(e.Opening.Clauses) > 0 {
		line += " – " + blocks.Escape(access.PolicySays(e.Opening.Clauses), 300)
	}
	return line
}

// groupless are the words for events of groups where the groups aren't named.
func groupless() map[access.EventKind]string {
	return map[access.EventKind]string{
		access.EventMemberAdded: "Set up", access.EventMemberRemoved: "Seen to be gone", access.EventMemberKept: "Left, because other access needs it",
		access.EventMemberGone: "Nothing to remove", access.EventMemberMissing: "Found to be taken away", access.EventMemberBack: "Found to be there again",
	}
}

func eventTexts() map[access.EventKind]string {
	return map[access.EventKind]string{
		access.EventSubmitted: "Asked for", access.EventApproversAsked: "Approvers asked", access.EventApproved: "Approved", access.EventDenied: "Denied",
		access.EventCancelled: "Cancelled", access.EventLapsed: "Lapsed", access.EventIssueOpened: "Ticket opened", access.EventUnroutable: "No approver found",
		access.EventGrantStarted: "Grant made", access.EventStartDue: "Its time has come", access.EventRecorded: "Recorded; the change began", access.EventMemberAdded: "Added to", access.EventFulfilled: "Done manually", access.EventTaken: "Taken on", access.EventNotFulfilled: "Said not to be possible",
		access.EventStuck: "Stuck", access.EventRetried: "Tried again", access.EventExtended: "Extended", access.EventEnding: "End begun",
		access.EventMemberRemoved: "Seen to be gone from", access.EventMemberKept: "Left in", access.EventMemberGone: "Nothing to remove from", access.EventAdopted: "Taken over from the directory",
		access.EventMemberMissing: "Found missing from", access.EventMemberBack: "Found again in", access.EventBackstop: "Its directory was told when to end", access.EventSessionsEnded: "Sessions ended", access.EventDisputed: "In doubt after a recovery", access.EventDisputeResolved: "Goes on as recorded", access.EventTaskBlocked: "Couldn't be done, recorded or told",
		access.EventTaskResumed: "Tried again", access.EventNote: "Noted", access.EventLogRebuilt: "Rebuilt from the record", access.EventLogGap: "Events of the log before are gone", access.EventKeyReplaced: "Signing key replaced", access.EventCatalogNew: "Catalogue changed", access.EventListNew: "List of accounts imported", access.EventIssueDrift: "Changed by hand in Jira",
		access.EventClaimed: "Being looked at", access.EventQuestioned: "Asked a question", access.EventReplied: "Said", access.EventReminded: "Reminded of the end",
		access.EventBreakGlass: "Taken in an emergency", access.EventReviewAsked: "Review asked for", access.EventReviewDue: "Review asked for again",
		access.EventAskedAgain: "Told again", access.EventNudged: "Nudged", access.EventReassigned: "Given to somebody else to decide", access.EventEscalated: "IT told that nobody answers", access.EventFollowedUp: "Told again", access.EventGrantEscalated: "IT told that it isn't done",
		access.EventPaused: "New access paused", access.EventPauseConfirmed: "Pause confirmed", access.EventResumed: "Resumed", access.EventDeferred: "Waits for the end of a pause", access.EventQuarantineEnded: "New access goes on",
		access.EventDelegated: "Somebody decides for them", access.EventDelegationBegun: "Somebody decides for them from now on", access.EventDelegationEnded: "Nobody decides for them any more",
		access.EventCampaignPlanned: "Review planned", access.EventCampaignRead: "Memberships read", access.EventPopulationAccepted: "What was read accepted as it is", access.EventReadAgain: "Memberships read anew", access.EventCampaignStarted: "Review started",
		access.EventReviewersReminded: "Reviewers told again", access.EventStageBegun: "Next stage of the review begun", access.EventReviewerMoved: "Somebody else reviews in their place", access.EventReviewersLate: "Others asked, since reviewers are late", access.EventStageOver: "Stage of the review over", access.EventRowsLeftToIT: "Rows left to IT", access.EventDecidingOver: "Time to answer over", access.EventCampaignRechecked: "What was revoked looked at again",
		access.EventCampaignClosed: "Review closed", access.EventCampaignCancelled: "Review cancelled", access.EventCampaignIssue: "Ticket of the review opened", access.EventPackMade: "Evidence of the review made",
		access.EventRowAnswered: "Answered at a review", access.EventRowReassigned: "Given to somebody else to review", access.EventRowStage: "Reviewed in the next stage", access.EventRowDecided: "Decided at a review", access.EventRowRevoking: "Removal after a review begun",
		access.EventRowSettled: "Review carried out", access.EventRowIssue: "Ticket of the revocation opened", access.EventRowRechecked: "Looked at again after a review", access.EventRowRestored: "Given back after a review",
		access.EventReclaimAsked: "Asked whether it is still needed", access.EventReclaimPostponed: "Put off", access.EventReclaimAskedNow: "Asked again whether it is still needed", access.EventReclaimDue: "Its use looked at again", access.EventReclaimUnread: "Its use couldn't be read", access.EventReclaimAway: "Waits for its holder, who is on leave",
		access.EventReclaimNeeded: "Said to be still needed", access.EventReclaimReturned: "Given back, as nobody used it", access.EventReclaimUsed: "Used again", access.EventReclaimExempted: "Left out of what comes back", access.EventReclaimCancelled: "Not asked about any more",
		access.EventReclaimRemoving: "Taken away, as nobody used it", access.EventReclaimSettled: "What came back carried out", access.EventReclaimIssue: "Ticket of the idle seat opened", access.EventReclaimRestored: "Given back after it had come back", access.EventReclaimAskable: "Not left out any more",
		access.EventOffboarded: "Offboarded", access.EventMoved: "Has moved", access.EventErased: "Names and words erased",
		access.EventVouched: "IT said who it is", access.EventProved: "Account proved", access.EventDisowned: "Account said not to be theirs",
		access.EventUnited: "Found to be one person", access.EventSplit: "Found to be two people", access.EventRenumbered: "Account known under another id",
		access.EventJustified: "Found justified", access.EventUnjustified: "Found not justified",
		access.EventAnswerKept: "Answered; kept until it is known whether that counts", access.EventAnswerDropped: "Answered, which doesn't count",
	}
}
