package cards

import (
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// decisionFacts puts on a card what helps to decide within seconds: why it is wanted, who it
// is for, what it opens and why the reader is asked. The rest is behind More.
func (b approverCard) decisionFacts(m *blocks.MessageBuilder) {
	m.Say(b.lookalikeLine())
	m.Gist(b.Request.Reason)
	m.Say(b.conflicts())
	m.Say(b.meanwhile())
	m.Say(b.dangerLine())
	m.Say(b.startLine())
	m.Note(b.whoLine())
	m.Note(b.contextLine())
	m.Note(b.policyLine())
}

// policyLine is which rules of the policy had their part in who is asked, and for how long.
func (b approverCard) policyLine() string {
	return blocks.Escape(access.PolicySays(b.Request.Clauses), 400)
}

// startLine says when access is to begin, where that is a moment to come.
func (b builder) startLine() string {
	if b.Request.Starts.IsZero() || b.Request.State != access.RequestPending {
		return ""
	}
	return "*Begins " + blocks.When(b.Request.Starts) + "*, or with the last yes if that comes later."
}

// dangerLine warns of what can do harm. Of what can't it says nothing.
func (b approverCard) dangerLine() string {
	typed := "A yes asks you to type the app's name."
	stepUp := b.Request.NeedsStepUp(b.Role)
	if stepUp {
		typed = "A yes asks you to sign in."
	}
	switch high, confirm := b.Role.Risk == catalog.High, stepUp || b.Role.Assurance == catalog.Confirm; {
	case high && confirm:
		return "*High risk.* " + typed
	case high:
		return "*High risk.*"
	case confirm:
		return "*This role can do harm.* " + typed
	}
	return ""
}

// whoLine is by what the person is recognised; in a channel, also whose team it is.
func (b approverCard) whoLine() string {
	parts := recognised(b.Beneficiary)
	if manager := b.Beneficiary.Manager; b.reader.ID == "" && manager != "" {
		parts = append(parts, "reports to "+blocks.Escape(b.name(manager), 2*blocks.MaxName))
	}
	return blocks.Dotted(parts...)
}

// contextLine is what a yes opens, why the reader is asked, and who else has it.
func (b approverCard) contextLine() string {
	said := []string{b.opens(), b.whyLine(), b.teamGist(), b.shorterLine()}
	return blocks.Dotted(strings.Join(blocks.NonBlank(said...), " "), b.ticket())
}

// opens says in words what a yes opens.
func (b approverCard) opens() string {
	if b.Request.Unlisted != "" {
		return "It isn't in the catalogue, so nothing is set up by itself. A yes means that IT takes it on in the ticket."
	}
	return blocks.Sentence(blocks.Escape(b.Role.Description, blocks.MaxGist))
}

// shorterLine says that less is given than was asked for.
func (b approverCard) shorterLine() string {
	if b.Request.Unlisted != "" || b.Request.Allowed == b.Request.Wanted {
		return ""
	}
	return "At most " + catalog.FormatDuration(b.Request.Allowed) + "."
}

// chosen is by whose word the reader decides in place of those whom the route names.
func (b approverCard) chosen() (access.Reassignment, bool) {
	for _, a := range slices.Backward(b.stage().Reassigned) {
		if b.reads(a.To) {
			return a, true
		}
	}
	return access.Reassignment{}, false
}

// whyLine says why it is the reader who is asked.
func (b approverCard) whyLine() string {
	from := func(kind catalog.ApproverKind) bool {
		return slices.ContainsFunc(b.stage().Sources, func(a catalog.Approver) bool { return a.Kind == kind })
	}
	switch {
	case !b.mayAnswer() || b.stage().Why != "" || b.forLine() != "":
		return ""
	case from(catalog.Manager) && b.reads(b.Beneficiary.Manager):
		return "You manage " + blocks.Escape(b.name(b.Request.Beneficiary), briefApp) + "."
	case from(catalog.Owner) && slices.Contains(b.App.Owners, string(b.reader.Email)):
		return "You own " + blocks.Escape(b.appName(), briefApp) + "."
	}
	if a, chosen := b.chosen(); chosen {
		return blocks.Escape(b.name(a.By.Person), briefApp) + " asks you to decide: " + blocks.Escape(blocks.Clip(blocks.OneLine(a.Reason), blocks.MaxName), 2*blocks.MaxName) + "."
	}
	return "You are named to decide on it."
}

// teamGist counts who else in the team has the role, as far and as lately as that was seen.
func (b approverCard) teamGist() string {
	n := len(b.background.Team) + b.background.TeamMore
	known := b.Beneficiary.Manager != "" || b.Beneficiary.Department != ""
	has := strconv.Itoa(n) + " in the team " + blocks.Agree(n, "has", "have") + " it"
	switch part := b.background.TeamPart || b.background.TeamAt.IsZero(); {
	case b.Request.Unlisted != "":
		return ""
	case n == 0 && (!known || part):
		return "Who else in the team has it isn't known."
	case n == 0:
		return "Nobody else in the team has it" + b.asOf() + "."
	case part:
		return "At least " + has + b.asOf() + "."
	}
	return has + b.asOf() + "."
}

// asOf is when the groups of the role were looked at last; "" if they weren't.
func (b approverCard) asOf() string {
	if b.background.TeamAt.IsZero() {
		return ""
	}
	return " (seen " + blocks.Day(b.background.TeamAt) + ")"
}

// lookalikeLine warns of a name or an address that may be taken for another one, and
// says by what the account can be told.
func (b approverCard) lookalikeLine() string {
	p := b.Beneficiary
	if !catalog.Lookalike(p.Name) && !catalog.Lookalike(string(p.Email)) {
		return ""
	}
	id := p.Account(access.SystemSlack)
	return ":warning: This name or address mixes letters of several scripts and may look like another one. It is " +
		blocks.Escape(p.Contact(), blocks.MaxName) + ", whose account in Slack ends with " + blocks.Escape(id[max(0, len(id)-tail):], tail) + "."
}

// tail is how much of an id tells accounts apart.
const tail = 4

// teamLine says who else in the team has the role.
func (b approverCard) teamLine() string {
	var names []string
	for _, p := range b.background.Team {
		names = append(names, blocks.Clip(blocks.OneLine(p.Display()), blocks.MaxName))
	}
	part := b.background.TeamPart || b.background.TeamAt.IsZero()
	switch {
	case len(names) == 0 && b.Beneficiary.Manager == "" && b.Beneficiary.Department == "":
		return "Neither a manager nor a department is known, so it can't be told who else in the team has this role."
	case len(names) == 0 && part:
		return "Nobody else in the team is known to have this role" + b.asOf() + "."
	case len(names) == 0:
		return "Nobody else in the team has this role" + b.asOf() + "."
	}
	line := "In the team with this role: " + strings.Join(names, ", ")
	if b.background.TeamMore > 0 {
		line += " and " + blocks.Count(b.background.TeamMore, "more colleague")
	}
	if part {
		line += ", as far as is known"
	}
	return blocks.Escape(line+b.asOf()+".", 800)
}

// earlierLine tells how others' requests for the role were decided lately.
func (b approverCard) earlierLine() string {
	if len(b.background.Earlier) == 0 {
		return "No decision on this role in the last months."
	}
	var parts []string
	for _, r := range b.background.Earlier {
		parts = append(parts, blocks.Escape(b.decidedAs(r)+" for "+b.name(r.Beneficiary), 400)+" "+blocks.When(r.Decided))
	}
	return "Decided lately: " + strings.Join(parts, "; ") + "."
}

// named is answerer without where it was given.
func (b approverCard) named(a access.Answer) string {
	if a.For == "" {
		return b.name(a.By.Person)
	}
	return b.name(a.By.Person) + ", for " + b.name(a.For)
}

func (b approverCard) decidedAs(r access.Request) string {
	a, ok := r.Decider()
	switch {
	case !ok:
		return string(r.State)
	case a.Yes:
		return "approved by " + b.named(a)
	}
	return "denied by " + b.named(a)
}

// historyLine tells what became of the person's earlier requests for the app.
func (b approverCard) historyLine() string {
	who := blocks.Escape(b.name(b.Request.Beneficiary), 2*blocks.MaxName)
	if len(b.background.History) == 0 {
		return who + " has not asked for " + blocks.Escape(b.appName(), blocks.MaxName) + " before."
	}
	var parts []string
	for _, r := range b.background.History {
		role, ok := b.App.Role(r.Role)
		name := r.Role
		if ok {
			name = blocks.Or(role.Name, r.Role)
		}
		parts = append(parts, blocks.Escape(blocks.Clip(name, blocks.MaxName)+" "+b.outcome(r), 400)+" "+blocks.When(r.Decided))
	}
	return "Asked by " + who + " before: " + strings.Join(parts, "; ") + "."
}

func (b approverCard) outcome(r access.Request) string {
	switch {
	case r.BreakGlass:
		return "taken in an emergency"
	case r.State == access.RequestCancelled:
		return "cancelled"
	case r.State == access.RequestLapsed:
		return "lapsed"
	}
	if _, ok := r.Decider(); ok {
		return b.decidedAs(r)
	}
	return "approved at once"
}
