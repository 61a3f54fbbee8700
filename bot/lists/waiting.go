package lists

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// waitingRow is something that waits for the reader, with the buttons of its card.
func waitingRow(c *catalog.Catalog, cfg cards.Config, w query.Waiting, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	switch w.For {
	case query.WaitsForAnswer:
		return questionRow(c, w, names)
	case query.WaitsForReview:
		return reviewRow(c, w, reader, names)
	case query.WaitsForRows:
		return rowsRow(w)
	case query.WaitsForSeat:
		return seatRow(c, w.Seat)
	case query.WaitsForTask:
		return taskRow(c, w, reader, names)
	default:
		return decisionRow(c, cfg, w.Request, reader, names)
	}
}

func questionRow(c *catalog.Catalog, w query.Waiting, names map[access.PersonID]access.Person) Row {
	text := "A question about *" + blocks.Escape(Subject(c, w.Request), 2*blocks.MaxName) + "*" + forWhom(w.Request, names) + "\n" +
		blocks.Dotted("Asked "+blocks.When(w.Since), cards.CustomerTicket(w.Request))
	answer := cards.AnswerButton(w.Request)
	answer.Style = ""
	return Row{text, blocks.Spoken(Subject(c, w.Request), answer)}
}

// forWhom names the person whom somebody else asks for.
func forWhom(r access.Request, names map[access.PersonID]access.Person) string {
	if r.Beneficiary == r.Requester {
		return ""
	}
	return ", for " + blocks.Escape(cards.NameOf(names, r.Beneficiary), blocks.MaxName)
}

func reviewRow(c *catalog.Catalog, w query.Waiting, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	r, who := w.Request, cards.NameOf(names, w.Request.Beneficiary)
	text := "*" + blocks.Escape(who, blocks.MaxName) + "* took *" + blocks.Escape(Subject(c, r), 2*blocks.MaxName) + "* in an emergency: was it right?" +
		"\n" + blocks.Quote(r.Reason, 300) + "\n" + blocks.Dotted("Taken "+blocks.When(w.Since), blocks.Escape(r.Incident, blocks.MaxName), cards.Ticket(r))
	if said := cards.Kept(r, reader); said != "" {
		return Row{Text: text + "\n" + blocks.Escape(said, blocks.MaxSection)}
	}
	return Row{text, blocks.Spoken(Subject(c, r)+" for "+who, quietly(cards.ReviewButtons(r.ID))...)}
}

// rowsUntil says until when rows are answered; what is left to IT has no end.
func rowsUntil(c access.Campaign) string {
	if c.Due.IsZero() {
		return "Left to IT: nobody else answered in time"
	}
	return "Until " + blocks.When(c.Due)
}

// rowsRow are the rows of an access review that wait.
func rowsRow(w query.Waiting) Row {
	name := w.Campaign.Review.Name
	text := "*" + blocks.Count(w.Rows, "row") + "* of the review *" + blocks.Escape(name, blocks.MaxName) + "*\n" +
		rowsUntil(w.Campaign)
	b := cards.ReviewRowsButton(w.Campaign.ID, name)
	b.Style = ""
	return Row{text, []slack.BlockElement{b}}
}

// seatRow is a seat about which the reader is asked whether they still need it.
func seatRow(c *catalog.Catalog, r access.Reclaim) Row {
	what := cards.RoleName(c, catalog.RoleRef{App: r.App, Role: r.Role})
	until := "The time to answer is up: it is looked once more whether you use it"
	if r.State == access.ReclaimAsked {
		until = "Without an answer it is taken away " + blocks.When(r.Until)
	}
	text := "Do you still need *" + blocks.Escape(what, 2*blocks.MaxName) + "*?\n" + blocks.Escape(r.Seen.Sentence(), 400) + "\n" + blocks.Dotted(until, cards.SeatTicket(r))
	return Row{text, quietly(cards.SeatButtons(r, what))}
}

func taskRow(c *catalog.Catalog, w query.Waiting, reader access.PersonID, names map[access.PersonID]access.Person) Row {
	who, what := cards.NameOf(names, w.Request.Beneficiary), Subject(c, w.Request)
	text := "Give *" + blocks.Escape(who, blocks.MaxName) + "* access to *" + blocks.Escape(what, 2*blocks.MaxName) + "*"
	if w.Grant.Revoking {
		text = "Remove *" + blocks.Escape(who, blocks.MaxName) + "* from *" + blocks.Escape(what, 2*blocks.MaxName) + "*"
	}
	text += "\n" + blocks.Dotted("Asked "+blocks.When(w.Since), takenOn(w.Grant, reader, names), cards.Ticket(w.Request))
	return Row{text, blocks.Spoken(what+" for "+who, quietly(cards.HandButtons(w.Request.ID, w.Grant, reader))...)}
}

// takenOn is who makes a change by hand, escaped.
func takenOn(g access.Grant, reader access.PersonID, names map[access.PersonID]access.Person) string {
	switch g.TakenBy {
	case "":
		return ""
	case reader:
		return "You are on it"
	}
	return blocks.Escape(cards.NameOf(names, g.TakenBy), blocks.MaxName) + " is on it"
}
