package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// SeatStanding is how somebody's seat of an app stands.
type SeatStanding string

// The standings. Only the holder of an idle seat is asked; unknown is never idle.
const (
	SeatIdle        SeatStanding = "idle"
	SeatUsed        SeatStanding = "used"
	SeatNew         SeatStanding = "new"         // given, or said to be needed, more lately than would show disuse
	SeatUnknown     SeatStanding = "unknown"     // nothing is known of its use, or not enough
	SeatLeftOut     SeatStanding = "left_out"    // by the configuration, by somebody, or because of how it came
	SeatAway        SeatStanding = "away"        // idle, and its holder is on leave: the question waits
	SeatAsked       SeatStanding = "asked"       // its holder has been asked, and that isn't over
	SeatResting     SeatStanding = "resting"     // idle, and its holder was asked lately
	SeatUnexplained SeatStanding = "unexplained" // nobody asked for it: it is only proposed for adoption
	SeatOfLeaver    SeatStanding = "left"        // its holder has left, or the account is on hold: that is seen to elsewhere
)

// SeatStandings are all of them, in the order in which people read them.
func SeatStandings() []SeatStanding {
	return []SeatStanding{SeatIdle, SeatAsked, SeatResting, SeatAway, SeatUsed, SeatNew, SeatLeftOut, SeatUnknown, SeatUnexplained, SeatOfLeaver}
}

// askedFloor is for how long nobody is asked again about the same seat, whatever became of the question.
const askedFloor = 30 * catalog.Day

// SeatFacts are what is known of somebody's seat.
type SeatFacts struct {
	Rule     catalog.Reclaim // the most careful of those of the roles by which it is held
	Grants   []Grant         // by which it is held
	Beside   bool            // some of it is explained by no grant
	Left     bool            // the account was seen deactivated or suspended, or its holder is known to have left
	LeftOut  string          // why the configuration leaves it out, in words; empty: it doesn't
	Absent   time.Time       // until when its holder is on leave
	App      Idleness        // by sign-ins to the app; without Source: not known, because of Unread
	Unread   string          // why sign-ins to the app aren't known, in words
	Failed   bool            // and that is so only now: they couldn't be read
	SignedIn Idleness        // by sign-ins to the directory; without Source: not known
	Before   []Reclaim       // questions about the same seat
}

// SeatJudgement is what facts come to.
type SeatJudgement struct {
	Standing SeatStanding
	Seen     Idleness     // what showed its use; without Source where nothing did
	Why      string       // in words for IT, where the standing alone doesn't say it
	Case     string       // of one about which its holder has been asked: which question that is
	ByUse    SeatStanding // of such a one: how it would stand by its use alone
}

// Judge says how a seat stands at a moment. What isn't known comes before what looks idle.
func (f SeatFacts) Judge(at time.Time) SeatJudgement {
	for _, r := range f.Before {
		if r.Open() && !r.Answers() {
			return SeatJudgement{Standing: SeatAsked, Seen: r.Seen, Why: r.State.Unmoved(), Case: r.ID, ByUse: SeatIdle}
		}
	}
	switch why := f.alone(); {
	case len(f.Grants) == 0 || f.Beside:
		return SeatJudgement{Standing: SeatUnexplained, Why: "No grant explains all of it."}
	case f.Left:
		return SeatJudgement{Standing: SeatOfLeaver}
	case why != "":
		return SeatJudgement{Standing: SeatLeftOut, Why: why}
	}
	for _, r := range f.Before {
		switch {
		case r.Open():
			use := f.byUse(at)
			return SeatJudgement{Standing: SeatAsked, Seen: use.Seen, Why: use.Why, Case: r.ID, ByUse: use.Standing}
		case r.LeftOut(at):
			return SeatJudgement{Standing: SeatLeftOut, Why: "Left out in " + r.ID + ": " + r.Why}
		}
	}
	return f.byUse(at)
}

// alone says why a seat is left alone whatever its use is.
func (f SeatFacts) alone() string {
	switch {
	case f.LeftOut != "":
		return f.LeftOut
	case !f.Rule.On():
		return "Seats of one of its roles don't come back."
	}
	for _, g := range f.Grants {
		if why := keptFromReclaim(g); why != "" {
			return why
		}
	}
	return ""
}

// keptFromReclaim says why what a grant gives doesn't come back for want of use; "" where it can.
func keptFromReclaim(g Grant) string {
	switch {
	case g.Source == SourceBreakGlass:
		return "It was taken in an emergency, and has a review of its own."
	case g.Source == SourceBirthright:
		return "It comes by the birthright " + g.Birthright + ", which would give it again."
	case g.Disputed:
		return "It isn't certain whether the record of this access is the newest."
	case g.State != GrantActive:
		return "It is being given or taken away."
	case g.Manual:
		return "It is given by hand, so no directory knows of it."
	}
	return ""
}

// byUse judges by what is known of its use.
func (f SeatFacts) byUse(at time.Time) SeatJudgement {
	since := at.Add(-f.Rule.Threshold())
	seen, why := f.seen(since)
	switch {
	case seen.Source != "" && seen.Last.After(since):
		return SeatJudgement{Standing: SeatUsed, Seen: seen}
	case f.since().After(since):
		return SeatJudgement{Standing: SeatNew, Seen: seen}
	case why != "":
		return SeatJudgement{Standing: SeatUnknown, Why: why}
	case f.Absent.After(at):
		return SeatJudgement{Standing: SeatAway, Seen: seen, Why: "On leave until " + f.Absent.UTC().Format("2 January 2006") + "."}
	case slices.ContainsFunc(f.Before, func(r Reclaim) bool { return at.Sub(r.Asked) < askedFloor }):
		return SeatJudgement{Standing: SeatResting, Seen: seen}
	}
	return SeatJudgement{Standing: SeatIdle, Seen: seen}
}

// since is since when the absence of a use counts: the latest of what gave the seat, and of when its holder was heard of it.
func (f SeatFacts) since() (at time.Time) {
	for _, g := range f.Grants {
		began := g.Started
		if began.IsZero() {
			began = g.Created
		}
		at = later(at, began)
	}
	for _, r := range f.Before {
		at = later(at, r.HeardLast())
	}
	return at
}

// seen is what shows the use of the seat: sign-ins to the app before those to the directory. why says what isn't known of it.
// A reading that failed isn't replaced by something that says less.
func (f SeatFacts) seen(since time.Time) (seen Idleness, why string) {
	app, directory := f.App, f.SignedIn
	app.Since, directory.Since = f.since(), f.since()
	least := f.Rule.Least == catalog.DirectorySignIn && !f.Failed && directory.Source != ""
	switch {
	case app.Source != "" && (app.Last.After(since) || !app.Reach.After(since)):
		return app, ""
	case least && !directory.Last.IsZero():
		return directory, ""
	case app.Source != "":
		return app, "Records of its use only reach back to " + app.Reach.UTC().Format("2 January 2006") + "."
	case f.Unread != "":
		return Idleness{}, f.Unread
	}
	return Idleness{}, "Nothing is known of its use."
}
