package lists

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/catalog"
)

// Seats are questions about idle seats as those see them who look after the apps.
func (l *Lists) Seats(ctx context.Context, all []access.Reclaim) (rows []Row) {
	var who []access.PersonID
	for _, r := range all {
		who = append(who, r.Person, r.By.Person)
	}
	names := l.people.Names(ctx, who)
	for _, r := range all {
		holder, what := cards.NameOf(names, r.Person), cards.RoleName(l.catalog(), catalog.RoleRef{App: r.App, Role: r.Role})
		text := "*" + blocks.Escape(holder, blocks.MaxName) + "* · *" + blocks.Escape(what, 2*blocks.MaxName) + "*\n" + blocks.Dotted(seatStands(r, names), seatLink(r))
		rows = append(rows, Row{text, cards.SeatKeeperButtons(r, what+" of "+holder, l.now())})
	}
	return rows
}

// seatLink links the ticket of a question, which those may open who look after apps.
func seatLink(r access.Reclaim) string {
	if r.Issue.Key == "" {
		return ""
	}
	return blocks.Link(r.Issue.URL, r.Issue.Key)
}

// seatStands says how a question stands, for those who look after the app.
func seatStands(r access.Reclaim, names map[access.PersonID]access.Person) string {
	switch r.State {
	case access.ReclaimExempt:
		said := "Left out for good"
		if !r.Exempt.IsZero() {
			said = "Left out until " + blocks.Day(r.Exempt)
		}
		if r.By.Person != "" {
			said += ", by " + blocks.Escape(cards.NameOf(names, r.By.Person), blocks.MaxName)
		}
		return said + ": " + blocks.Told(r.Why, 300)
	case access.ReclaimChecking:
		if r.Unread != "" {
			return blocks.Escape(r.Unread, 400)
		}
	case access.ReclaimRemoving, access.ReclaimReturning:
		return "Being taken away"
	case access.ReclaimRemoved:
		return "Taken away " + blocks.When(r.Settled) + "; it can be given back until " + blocks.When(r.RestorableUntil())
	}
	return SeatText(r, false)
}

// openSeat says to whoever holds something that they are asked whether they still need it; "" where they aren't.
func openSeat(r access.Reclaim) string {
	if !r.Answers() {
		return ""
	}
	return SeatText(r, false)
}

// SeatText says how the latest question stands whether somebody still needs what they hold; "" where there was none, or nothing
// is to be said of it beside what is said of the access. full: with what was said.
func SeatText(r access.Reclaim, full bool) string {
	said := ""
	if full && r.Why != "" {
		said = ": " + blocks.Told(r.Why, 300)
	}
	switch r.State {
	case access.ReclaimAsked:
		return "Nobody seems to use it: asked whether it is still needed. Without an answer it is taken away " + blocks.When(r.Until) + "."
	case access.ReclaimChecking:
		return "Nobody seems to use it: the time to say whether it is still needed is up."
	case access.ReclaimPostponed:
		return "Whether it is still needed is asked again " + blocks.When(r.Until) + "."
	case access.ReclaimNeeded:
		return blocks.Sentence("Said to be still needed, " + blocks.When(r.Decided) + said)
	case access.ReclaimInUse:
		return "Used again after it was asked whether it is still needed."
	case access.ReclaimExempt:
		return blocks.Sentence("Left out of what comes back unused" + said)
	}
	return ""
}
