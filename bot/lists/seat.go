package lists

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

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
