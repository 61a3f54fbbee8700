package cards

import (
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
	"latchkey/workflow/notify"
)

// The buttons of a card about an idle seat; their value is the id of the question. They stand in messages that outlive a
// release, so they are never changed.
const (
	ActionSeatNeeded  = "seat_needed"
	ActionSeatReturn  = "seat_return"
	ActionSeatLater   = "seat_later"
	ActionSeatRestore = "seat_restore"
	ActionSeatExempt  = "seat_exempt"  // of lists for IT and owners
	ActionSeatAskable = "seat_askable" // the same
)

// seatCard asks whoever holds an idle seat whether they still need it, and tells them what became of it.
type seatCard struct {
	notify.SeatContent
	Config
	reader access.Person
}

// drawSeat draws the card of an idle seat. What was posted anew since is folded to a line.
func drawSeat(content notify.SeatContent, cfg Config, u notify.CardUpdate) blocks.Message {
	b := seatCard{content, cfg, u.Reader}
	if _, posted := u.Audience.Parts(); max(posted, 1) < content.Posting() {
		return b.folded(b.overtaken(), "This goes on in a newer message")
	}
	switch b.Reclaim.State {
	case access.ReclaimAsked, access.ReclaimChecking:
		return b.question()
	case access.ReclaimRemoving, access.ReclaimReturning:
		return b.folded(b.going(), b.trouble())
	case access.ReclaimRemoved:
		return b.removed()
	}
	return b.folded(b.stays(), b.why(), b.again())
}

// brief is app and role, of which neither takes the other's room.
func (b seatCard) brief() string {
	return blocks.Clip(blocks.Or(b.App.Name, b.Reclaim.App), briefApp) + " · " + blocks.Clip(blocks.Or(b.Role.Name, b.Reclaim.Role), briefRole)
}

func (b seatCard) ticket() string { return SeatTicket(b.Reclaim) }

// SeatTicket links the issue of a question about a seat, where that is the one of its holder's own request; "" where it is one of
// its own, which IT alone can open.
func SeatTicket(r access.Reclaim) string {
	if r.Issue.Key == "" || r.Rule.Issue != catalog.OriginalIssue {
		return ""
	}
	return blocks.Link(r.Issue.CustomerURL(), r.Issue.Key)
}

// folded is all there is to say of what waits for nobody.
func (b seatCard) folded(news string, parts ...string) blocks.Message {
	var m blocks.MessageBuilder
	m.Outcome(news, append(parts, b.ticket())...)
	return m.Message()
}

// question asks: what shows that it isn't used, what becomes of it without an answer, and what there is to answer.
func (b seatCard) question() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(b.asks())
	m.Say(blocks.Lines(b.follows(), blocks.Escape(b.Reclaim.Seen.Sentence(), 400), b.held())) // a phone shows five lines
	m.Buttons(SeatButtons(b.Reclaim, b.brief())...)
	m.Note("Using it is an answer, too.", b.ticket())
	return m.Message()
}

// asks is the question, with when the time to answer is up.
func (b seatCard) asks() string {
	if b.Reclaim.State == access.ReclaimChecking {
		return blocks.News("Do you still need %s? The time to answer is up", b.brief())
	}
	return blocks.News("Do you still need %s? You have until %s to say so", b.brief(), b.day(b.Reclaim.Until))
}

// day is a day by the reader's clock, for where Slack shows none.
func (b seatCard) day(t time.Time) string { return blocks.MomentDay(t, b.reader.TimeZone) }

// held is since when it counts, where that is later than what is known of its use.
func (b seatCard) held() string {
	if since := b.Reclaim.Seen.Since; b.Reclaim.Seen.Last.IsZero() && !since.IsZero() {
		return "It counts since " + blocks.Day(since) + ", when you got it or were last heard of it."
	}
	return ""
}

// follows is what becomes of it without an answer.
func (b seatCard) follows() string {
	r := b.Reclaim
	switch {
	case r.State == access.ReclaimChecking && !r.Certain.IsZero():
		return "Sign-ins may be on record late, so nothing is taken away before " + blocks.When(r.Certain) + ". What you used in time keeps it, and you can still answer."
	case r.State == access.ReclaimChecking && r.Unread != "":
		return "Whether you use it can't be found out at the moment, and nothing is taken away before that is known. You can still answer."
	case r.State == access.ReclaimChecking:
		return "It is looked once more whether you use it. You can still answer."
	}
	said := "Without an answer it is taken away " + blocks.When(r.Until)
	if r.Rule.Downgrade != "" {
		said += ", and you get " + blocks.Escape(b.lower(), blocks.MaxName) + " in its place"
	}
	return said + ". You can have it back for " + catalog.FormatDuration(r.Rule.Restore) + "."
}

// lower is the role that is given in its place.
func (b seatCard) lower() string {
	role, _ := b.App.Role(b.Reclaim.Rule.Downgrade)
	return blocks.Or(role.Name, b.Reclaim.Rule.Downgrade)
}

// SeatButtons are what whoever is asked about an idle seat can answer.
func SeatButtons(r access.Reclaim, name string) []slack.BlockElement {
	out := []slack.BlockElement{
		blocks.Button(ActionSeatNeeded, r.ID, "Still need it…", slack.StylePrimary),
		blocks.Confirmed(blocks.Button(ActionSeatReturn, r.ID, "Give it back", ""),
			"Give it back?", "Your access is removed now. You can have it back for a while, or ask for it again at any time.", "Give it back"),
	}
	if r.CanBePostponed() {
		out = append(out, blocks.Button(ActionSeatLater, r.ID, "Remind me in "+catalog.FormatDuration(r.Rule.Postpone), ""))
	}
	return blocks.Spoken(name, out...)
}

// overtaken is what is left to say of a question after a newer message.
func (b seatCard) overtaken() string {
	return blocks.News("Asked whether you still need %s", b.brief())
}

// going is that it is being taken away.
func (b seatCard) going() string {
	switch mine := b.Reclaim.By.Person == b.Reclaim.Person; {
	case b.Reclaim.Outcome == access.ReclaimFailed:
		return blocks.News("Not taken away yet: %s. IT has been told; nothing to do", b.brief())
	case b.Reclaim.State == access.ReclaimReturning && mine:
		return blocks.News("Given back by you: %s is being removed", b.brief())
	case b.Reclaim.State == access.ReclaimReturning:
		return blocks.News("Given back by %s: %s is being removed", b.by(), b.brief())
	}
	return blocks.News("Nobody answered: %s is being taken away", b.brief())
}

// trouble is why something isn't done yet, for who wants to know.
func (b seatCard) trouble() string {
	if b.Reclaim.Outcome != access.ReclaimFailed {
		return ""
	}
	return "It goes on by itself."
}

// removed tells what became of the access, and offers it back while that can be.
func (b seatCard) removed() blocks.Message {
	r := b.Reclaim
	if !r.Restored.IsZero() {
		return b.folded(blocks.News("You get %s back, by the approval it had", b.brief()), "I tell you when it is there")
	}
	if !r.CanBeRestored(b.Now) || r.Request == "" { // nobody had approved it
		return b.folded(b.gone(), b.replaced(), b.askAgain())
	}
	var m blocks.MessageBuilder
	m.Title(b.gone())
	m.Say(blocks.Lines(b.replaced(), blocks.Escape(r.Seen.Sentence(), 400)))
	m.Buttons(blocks.Spoken(b.brief(), SeatRestoreButton(r.ID))...)
	m.Note("You can have it back until "+blocks.When(r.RestorableUntil())+".", b.ticket())
	return m.Message()
}

// askAgain is how to have again what can't be given back. Escaped.
func (b seatCard) askAgain() string {
	if o := b.Reclaim.Outcome; o != access.ReclaimGone && o != access.ReclaimDowngraded {
		return ""
	}
	return "Ask again with " + blocks.Escape(b.Command, blocks.MaxName)
}

// gone is what became of the access, as far as it was seen.
func (b seatCard) gone() string {
	r := b.Reclaim
	switch r.Outcome {
	case access.ReclaimManual:
		return blocks.News("%s is taken away by hand: IT has been told; nothing to do", b.brief())
	case access.ReclaimShared:
		return blocks.News("You keep %s: other access of yours needs it", b.brief())
	case access.ReclaimEnded:
		return blocks.News("You had %s no longer, so there was nothing to take away", b.brief())
	}
	if r.By.Person == r.Person {
		return blocks.News("Given back by you: your access to %s has ended", b.brief())
	}
	return blocks.News("Taken away, as nobody used it: your access to %s has ended", b.brief())
}

// replaced is what is there in its place. Escaped.
func (b seatCard) replaced() string {
	if b.Reclaim.Outcome != access.ReclaimDowngraded {
		return ""
	}
	return "You have " + blocks.Escape(b.lower(), blocks.MaxName) + " in its place."
}

// SeatRestoreButton gives back what was taken away, by the approval that it had.
func SeatRestoreButton(id string) *slack.ButtonBlockElement {
	return blocks.Confirmed(blocks.Button(ActionSeatRestore, id, "I need it again", slack.StylePrimary),
		"Have it back?", "You get it back by the approval that it had, for as long as was left of that.", "Have it back")
}

// SeatKeeperButtons are what IT and the app's owners can do about a seat.
func SeatKeeperButtons(r access.Reclaim, name string, now time.Time) []slack.BlockElement {
	switch {
	case r.Answers():
		return blocks.Spoken(name, blocks.Button(ActionSeatExempt, r.ID, "Leave it out…", ""))
	case r.LeftOut(now):
		return blocks.Spoken(name, blocks.Confirmed(blocks.Button(ActionSeatAskable, r.ID, "Ask again", ""),
			"Ask again?", "It isn't left out any more: while nobody uses it, its holder is asked about it.", "Ask again"))
	case r.CanBeRestored(now) && r.Request != "":
		return blocks.Spoken(name, blocks.Confirmed(blocks.Button(ActionSeatRestore, r.ID, "Give it back", ""),
			"Give it back?", "They get it back by the approval that it had, for as long as was left of that.", "Give it back"))
	}
	return nil
}

// stays is that nothing is taken away.
func (b seatCard) stays() string {
	switch b.Reclaim.State {
	case access.ReclaimPostponed:
		return blocks.News("You are asked about %s again on %s", b.brief(), b.day(b.Reclaim.Until))
	case access.ReclaimNeeded:
		return blocks.News("You still need %s, so you keep it", b.brief())
	case access.ReclaimInUse:
		return blocks.News("You used %s again, so you keep it", b.brief())
	case access.ReclaimExempt:
		return blocks.News("You keep %s: %s left it out", b.brief(), b.by())
	}
	return blocks.News("Nothing is asked about %s any more", b.brief())
}

// by is who did something about it.
func (b seatCard) by() string {
	who := b.Reclaim.By
	switch {
	case who.Person == "" && who.Via == access.ViaCLI && who.Account != "":
		return who.Account + " on the command line"
	case who.Person == "":
		return "IT"
	case who.Person == b.reader.ID:
		return "you"
	}
	return blocks.Clip(blocks.OneLine(NameOf(b.People, who.Person)), blocks.MaxName)
}

// why is what was said of it, escaped.
func (b seatCard) why() string {
	switch b.Reclaim.State {
	case access.ReclaimExempt, access.ReclaimCancelled:
		return blocks.Told(b.Reclaim.Why, 2*blocks.MaxGist)
	}
	return ""
}

// again is when the next question may come.
func (b seatCard) again() string {
	switch r := b.Reclaim; r.State {
	case access.ReclaimPostponed:
		return "Unless you use it until then"
	case access.ReclaimNeeded:
		return "You aren't asked again before " + blocks.Day(r.Decided.Add(r.Rule.Threshold))
	}
	return ""
}
