package lists

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// Row is one thing in a list: escaped text, and what can be done about it.
type Row struct {
	Text    string
	Buttons []slack.BlockElement
}

// Blocks draws the row, in two blocks at most.
func (r Row) Blocks() []slack.Block {
	out := []slack.Block{blocks.Section(r.Text)}
	if len(r.Buttons) > 0 {
		out = append(out, slack.NewActionBlock("", r.Buttons...))
	}
	return out
}

// heldRow is the row of something a person has.
func heldRow(c *catalog.Catalog, h query.Holding, now time.Time) Row {
	r := Row{Text: strings.Join(blocks.NonBlank("*"+blocks.Escape(h.Label(c), 2*blocks.MaxName)+"*", HeldText(h.Grant, now), openSeat(h.Seat), Origin(c, h)), "\n")}
	if h.Grant.State == access.GrantActive && h.Grant.Request != "" && !h.Grant.Ends.IsZero() && len(h.Grant.Choices(h.Role)) > 0 {
		r.Buttons = append(r.Buttons, blocks.Button(cards.ActionExtend, h.Grant.Request, "Extend", ""))
	}
	if h.Grant.State == access.GrantActive && h.Grant.Request != "" {
		r.Buttons = append(r.Buttons, cards.ReturnButton(h.Grant.Request))
	}
	blocks.Spoken(h.Label(c), r.Buttons...)
	return r
}

// Origin is where access comes from, in a few words.
func Origin(c *catalog.Catalog, h query.Holding) string {
	switch {
	case h.Request.ID != "":
		return cards.CustomerTicket(h.Request)
	case h.Grant.Source == access.SourceAdopted:
		return "Found in the directory; nobody asked for it here."
	case h.Grant.Source == access.SourceBirthright:
		return birthrightOrigin(c, h.Grant)
	case h.Grant.Source == access.SourceRule:
		return "Given by a rule."
	}
	return ""
}

// HeldText says how a grant stands.
func HeldText(g access.Grant, now time.Time) string {
	switch g.State {
	case access.GrantActive:
		if g.Source == access.SourceBirthright && g.Ends.IsZero() {
			return "Lasts as long as the job is the same." + missing(g)
		}
		if g.Ends.IsZero() {
			return "No end of its own." + missing(g)
		}
		return blocks.Capital(blocks.Roughly(g.Ends.Sub(now))) + " left, until " + blocks.When(g.Ends) + "." + missing(g)
	case access.GrantManual:
		if g.Revoking {
			return "Ends; somebody has to remove it."
		}
		return "Approved; somebody has to set it up."
	case access.GrantEnding:
		return "Being removed."
	case access.GrantStuck:
		return "Stuck. IT has been told."
	}
	return "Being set up."
}

// missing says of a grant that lasts whether its holder was seen without it, or without a part
// of it, when it was looked at last: it would be too much to say that they have that.
func missing(g access.Grant) string {
	missing := 0
	for _, e := range g.Entitlements {
		if e.Missing {
			missing++
		}
	}
	switch missing {
	case 0:
		return ""
	case len(g.Entitlements):
		return " Somebody has taken it away, as it was seen last."
	}
	return " Somebody has taken a part of it away, as it was seen last."
}

// askedRow is a request of the reader's that waits.
func askedRow(c *catalog.Catalog, r access.Request, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	text := moreTime(r) + "*" + blocks.Escape(Subject(c, r), 2*blocks.MaxName) + "* " + blocks.ForHow(r.Wanted)
	if r.Beneficiary != reader {
		text += ", for " + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName)
	}
	waiting := "Looking for who may approve this."
	if who := r.Awaited(); len(who) > 0 {
		waiting = "Waiting for " + cards.NamesOf(who, names) + "."
	}
	return Row{text + "\n" + blocks.Dotted(waiting, cards.CustomerTicket(r)),
		blocks.Spoken(Subject(c, r), cards.CancelButton(r.ID))}
}

// moreTime tells an extension from a first request.
func moreTime(r access.Request) string {
	if r.Extends != "" {
		return "More time for "
	}
	return ""
}

// Subject is what a request is about, not escaped.
func Subject(c *catalog.Catalog, r access.Request) string {
	if r.Unlisted != "" {
		return blocks.Clip(r.Unlisted, blocks.MaxName)
	}
	return cards.RoleName(c, catalog.RoleRef{App: r.App, Role: r.Role})
}

// decisionRow is a request that waits for the reader, or for it to be known whether
// the answer counts that they have given.
func decisionRow(c *catalog.Catalog, cfg cards.Config, r access.Request, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	text := "*" + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName) + "*: " + moreTime(r) + "*" + blocks.Escape(Subject(c, r), 2*blocks.MaxName) + "* " + blocks.ForHow(r.Wanted) +
		"\n" + blocks.Quote(r.Reason, 300) + "\n" + blocks.Dotted("Asked "+blocks.When(r.Created), asBackup(r, reader), cards.Ticket(r))
	if said := cards.Kept(r, reader); said != "" {
		return Row{Text: text + "\n" + blocks.Escape(said, blocks.MaxSection)}
	}
	_, role, _ := c.Role(r.App, r.Role)
	if cfg.JiraOnly {
		text += "\n" + cfg.PleaseDecide(r.Issue)
	}
	return Row{text, blocks.Spoken(Subject(c, r)+" for "+cards.NameOf(names, r.Beneficiary), quietly(cfg.DecisionButtons(r, role))...)}
}

// asBackup says that others are asked, to whoever may decide beside them.
func asBackup(r access.Request, reader access.PersonID) string {
	if !slices.Contains(r.StandBy(), reader) {
		return ""
	}
	return "others are asked; you may decide as a back-up"
}

// quietly lets no button stand out: there may be many rows.
func quietly(buttons []slack.BlockElement) []slack.BlockElement {
	for _, e := range buttons {
		if b, ok := e.(*slack.ButtonBlockElement); ok {
			b.Style = ""
		}
	}
	return buttons
}

// stuckRow is something that waits for IT. Retrying one thing of a request
// retries all of it.
func stuckRow(c *catalog.Catalog, s query.Stuck, names map[access.PersonID]access.Person) Row {
	what := "Stuck"
	if s.Revoking {
		what = ":warning: Stuck while removing"
	}
	text := "*" + strconv.Itoa(s.Number) + " · " + what + ": " + blocks.Escape(stuckSubject(c, s), 2*blocks.MaxName) + "*"
	if s.Person != "" {
		text += " for " + blocks.Escape(cards.NameOf(names, s.Person), blocks.MaxName)
	}
	why := blocks.Sentence(blocks.Told(s.Why, 500))
	retry := blocks.Button(cards.ActionRetryTask, s.ID, "Retry", "")
	if s.About.ID != "" {
		why = blocks.Dotted(why, cards.Ticket(s.About))
		retry = blocks.Button(cards.ActionRetry, s.About.ID, "Retry", "")
	}
	buttons := []slack.BlockElement{retry}
	if s.ByHand {
		buttons = quietly(cards.StuckByHandButtons(s.About.ID))
	}
	return Row{Text: text + "\n" + why, Buttons: blocks.Spoken(stuckSubject(c, s), buttons...)}
}

// stuckSubject is what is stuck, not escaped: the access it is about, or else what
// can't be done.
func stuckSubject(c *catalog.Catalog, s query.Stuck) string {
	switch {
	case s.About.ID != "":
		return Subject(c, s.About)
	case s.App != "":
		return cards.RoleName(c, catalog.RoleRef{App: s.App, Role: s.Role})
	}
	return s.What
}
