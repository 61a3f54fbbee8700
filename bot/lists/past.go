package lists

import (
	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// pastRow is something that is over, with the way to ask for it again as long as it is offered.
func pastRow(c *catalog.Catalog, p query.Past, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	r := p.Request
	text := moreTime(r) + "*" + blocks.Escape(Subject(c, r), 2*blocks.MaxName) + "*"
	if r.Beneficiary != reader {
		text += ", for " + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName)
	}
	row := Row{Text: text + "\n" + blocks.Dotted(overText(p, reader, names), cards.CustomerTicket(r))}
	app, _, known := c.Role(r.App, r.Role)
	if r.Unlisted != "" || known && app.Offered() {
		row.Buttons = blocks.Spoken(Subject(c, r), cards.AskAgainButton(r.ID))
	}
	return row
}

// overBy is whoever said no, or ended it.
func overBy(p query.Past) access.PersonID {
	if p.Grant != nil {
		return p.Grant.EndedBy.Person
	}
	a, _ := p.Request.Decider()
	return a.By.Person
}

// overText says how something was over, and when. Escaped.
func overText(p query.Past, reader access.PersonID, names map[access.PersonID]access.Person) string {
	when := ", " + blocks.When(p.At) + "."
	who := blocks.Escape(cards.NameOf(names, overBy(p)), blocks.MaxName)
	if a, _ := p.Request.Decider(); p.Grant == nil && a.For != "" {
		who += ", for " + blocks.Escape(cards.NameOf(names, a.For), blocks.MaxName) + ","
	}
	switch g := p.Grant; {
	case g == nil && p.Request.State == access.RequestLapsed:
		return "Nobody answered" + when
	case g == nil && overBy(p) == "":
		return "Denied" + when
	case g == nil:
		return who + " said no" + when
	case g.End == access.EndUnfulfilled:
		return who + " can't set it up" + when
	case g.Started.IsZero(), g.End == access.EndPartial:
		return "It wasn't given" + when
	case g.End == access.EndReturned && overBy(p) == reader:
		return "You gave it back" + when
	case g.End == access.EndRevoked && overBy(p) != "":
		return "Revoked by " + who + when
	}
	return "Ended" + when
}
