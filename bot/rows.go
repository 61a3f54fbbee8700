package bot

import (
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// row is one thing in a list: escaped text, and what can be done about it.
type row struct {
	text    string
	buttons []slack.BlockElement
}

// maxRow is how long a row's text gets, in characters.
const maxRow = 1200

func (r row) blocks() []slack.Block {
	out := []slack.Block{blocks.Section(r.text)}
	if len(r.buttons) > 0 {
		out = append(out, slack.NewActionBlock("", r.buttons...))
	}
	return out
}

// heldRow is something a person has.
func (b *Bot) heldRow(h query.Holding) row {
	r := row{text: strings.Join(blocks.NonBlank("*"+blocks.Escape(h.Label(b.cfg.Catalog()), 2*blocks.MaxName)+"*", heldText(h.Grant, b.cfg.Now()), b.origin(h)), "\n")}
	if h.Grant.State == access.GrantActive && h.Grant.Request != "" && !h.Grant.Ends.IsZero() && len(h.Grant.Choices(h.Role)) > 0 {
		r.buttons = append(r.buttons, blocks.Button(cards.ActionExtend, h.Grant.Request, "Extend", ""))
	}
	if h.Grant.State == access.GrantActive && h.Grant.Request != "" {
		r.buttons = append(r.buttons, blocks.Confirmed(blocks.Button(cards.ActionReturn, h.Grant.Request, "I'm done", ""),
			"Give it back?", "Your access is removed now. You can ask for it again at any time.", "Give it back"))
	}
	return r
}

// origin is where access comes from, in a few words.
func (b *Bot) origin(h query.Holding) string {
	switch {
	case h.Request.ID != "":
		return cards.Ticket(h.Request)
	case h.Grant.Source == access.SourceAdopted:
		return "Found in the directory; nobody asked for it here."
	case h.Grant.Source == access.SourceRule:
		return "Given by a rule."
	}
	return ""
}

// heldText says how a grant stands.
func heldText(g access.Grant, now time.Time) string {
	switch g.State {
	case access.GrantActive:
		if g.Ends.IsZero() {
			return "No end of its own."
		}
		return blocks.Capital(blocks.Roughly(g.Ends.Sub(now))) + " left, until " + blocks.When(g.Ends) + "."
	case access.GrantManual:
		if g.Revoking {
			return "Ends; somebody has to remove it by hand."
		}
		return "Approved; somebody has to set it up by hand."
	case access.GrantEnding:
		return "Being removed."
	case access.GrantStuck:
		return "Stuck. IT has been told."
	}
	return "Being set up."
}

// askedRow is a request of the reader's that waits.
func (b *Bot) askedRow(r access.Request, reader access.PersonID, names map[access.PersonID]access.Person) row {
	text := more(r) + "*" + blocks.Escape(b.subject(r), 2*blocks.MaxName) + "* " + blocks.ForHow(r.Wanted)
	if r.Beneficiary != reader {
		text += ", for " + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName)
	}
	waiting := "Looking for who may approve this."
	if who := r.Awaited(); len(who) > 0 {
		waiting = "Waiting for " + cards.NamesOf(who, names) + "."
	}
	return row{text + "\n" + waiting + "  ·  " + cards.Ticket(r),
		[]slack.BlockElement{blocks.Confirmed(blocks.Button(cards.ActionWithdraw, r.ID, "Withdraw", ""), "Withdraw this request?", "Those who were asked won't have to answer any more.", "Withdraw")}}
}

// more tells an extension from a first request.
func more(r access.Request) string {
	if r.Extends != "" {
		return "More time for "
	}
	return ""
}

// subject is what a request is about, not escaped.
func (b *Bot) subject(r access.Request) string {
	if r.Unlisted != "" {
		return blocks.Clip(r.Unlisted, blocks.MaxName)
	}
	return cards.RoleName(b.cfg.Catalog(), catalog.RoleRef{App: r.App, Role: r.Role})
}

// decisionRow is a request that waits for the reader.
func (b *Bot) decisionRow(r access.Request, names map[access.PersonID]access.Person) row {
	text := "*" + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName) + "*: " + more(r) + "*" + blocks.Escape(b.subject(r), 2*blocks.MaxName) + "* " + blocks.ForHow(r.Wanted) +
		"\n" + blocks.Quote(r.Reason, 300) + "\nAsked " + blocks.When(r.Created) + "  ·  " + cards.Ticket(r)
	_, role, _ := b.cfg.Catalog().Role(r.App, r.Role)
	return row{text, cards.DecisionButtons(r, role)}
}

// stuckRow is something that waits for IT. Retrying one thing of a request
// retries all of it.
func (b *Bot) stuckRow(w query.Stuck, names map[access.PersonID]access.Person) row {
	what := "Stuck"
	if w.Revoking {
		what = ":warning: Stuck while removing"
	}
	text := "*" + what + ": " + blocks.Escape(b.stuckSubject(w), 2*blocks.MaxName) + "*"
	if w.Person != "" {
		text += " for " + blocks.Escape(cards.NameOf(names, w.Person), blocks.MaxName)
	}
	text += "\n" + blocks.Sentence(blocks.Escape(w.Why, 500))
	retry := blocks.Button(cards.ActionRetryTask, w.ID, "Retry", "")
	if w.About.ID != "" {
		text += "  ·  " + cards.Ticket(w.About)
		retry = blocks.Button(cards.ActionRetry, w.About.ID, "Retry", "")
	}
	return row{text: text, buttons: []slack.BlockElement{retry}}
}

// stuckSubject is what is stuck, not escaped: the access it is about, or else what
// can't be done.
func (b *Bot) stuckSubject(w query.Stuck) string {
	switch {
	case w.About.ID != "":
		return b.subject(w.About)
	case w.App != "":
		return cards.RoleName(b.cfg.Catalog(), catalog.RoleRef{App: w.App, Role: w.Role})
	}
	return w.What
}

// whoIn are the people requests name.
func whoIn(list []access.Request) []access.PersonID {
	var out []access.PersonID
	for _, r := range list {
		out = append(out, r.Requester, r.Beneficiary)
		out = append(out, r.Awaited()...)
	}
	return out
}

// askedRows are a person's requests that wait.
func (b *Bot) askedRows(ctx context.Context, who access.PersonID, from, size int) (rows []row, total int, err error) {
	list, err := b.cfg.Query.Asked(ctx, who, from, size)
	names := b.cfg.People.Names(ctx, whoIn(list.Items))
	for _, r := range list.Items {
		rows = append(rows, b.askedRow(r, who, names))
	}
	return rows, list.Total, err
}

// heldRows are what a person has.
func (b *Bot) heldRows(ctx context.Context, who access.PersonID, from, size int) (rows []row, total int, err error) {
	list, err := b.cfg.Query.Held(ctx, who, from, size)
	for _, h := range list.Items {
		rows = append(rows, b.heldRow(h))
	}
	return rows, list.Total, err
}

// decisionRows are the decisions that wait for a person.
func (b *Bot) decisionRows(ctx context.Context, who access.PersonID, from, size int) (rows []row, total int, err error) {
	list, err := b.cfg.Query.Awaiting(ctx, who, from, size)
	names := b.cfg.People.Names(ctx, whoIn(list.Items))
	for _, r := range list.Items {
		rows = append(rows, b.decisionRow(r, names))
	}
	return rows, list.Total, err
}

// stuckRows are what waits for IT.
func (b *Bot) stuckRows(ctx context.Context, by access.PersonID, from, size int) (rows []row, total int, err error) {
	list, err := b.cfg.Query.Stuck(ctx, inSlack(by), from, size)
	var about []access.PersonID
	for _, w := range list.Items {
		about = append(about, w.Person)
	}
	names := b.cfg.People.Names(ctx, about)
	for _, w := range list.Items {
		rows = append(rows, b.stuckRow(w, names))
	}
	return rows, list.Total, err
}
