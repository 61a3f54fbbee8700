package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Proof says by what the population is proven, or why it isn't. Unknown is never taken for equal: where the vendor doesn't
// count, only a second reading with the same members counts in its place, and an empty list proves nothing then.
func (p Population) Proof() Proof {
	last := p.Last()
	if p.Failure != "" || last == nil || !last.whole() {
		return Unread
	}
	if wrong := last.wrong(); wrong != "" {
		return wrong
	}
	counted, steady := true, true
	for _, l := range last.Lists {
		counted, steady = counted && l.Count.Known, steady && !l.ByPosition && !l.Moved
	}
	switch {
	case counted && p.File != nil:
		return ProvedByFile
	case counted && steady:
		return ProvedByCount
	case !counted && last.Accounts == 0: // an empty answer twice is still an answer that shows nobody
		return CountUnknown
	case len(p.Readings) < 2 && counted:
		return Unconfirmed
	case len(p.Readings) < 2:
		return CountUnknown
	case !p.Readings[len(p.Readings)-2].confirmedBy(*last):
		return Unsteady
	}
	return ProvedByRereading
}

// confirmedBy tells whether a later reading found the same members.
func (r Reading) confirmedBy(later Reading) bool {
	return r.whole() && later.Began().After(r.Ended()) && r.AccountsHash == later.AccountsHash && r.Accounts == later.Accounts
}

// whole tells whether a reading says all that it has to. A count from before the last page doesn't show who came meanwhile.
func (r Reading) whole() bool {
	for _, l := range r.Lists {
		if l.Request.Method == "" || l.Request.Path == "" || l.Pages < 1 || l.First.IsZero() || l.Last.Before(l.First) ||
			l.Repeated < 0 || l.Uncounted < 0 || l.NotAccounts < 0 || l.Unlisted < 0 || l.Countable() < 0 || l.accounts() < 0 ||
			l.Count.Known && l.Count.At.Before(l.Last) {
			return false
		}
	}
	return len(r.Lists) > 0 && r.Strangers >= 0 && len(r.RowsHash) == 64 && len(r.AccountsHash) == 64
}

// wrong is what a reading shows to be wrong by itself; "" for nothing.
func (r Reading) wrong() Proof {
	most, least := 0, 0
	for _, l := range r.Lists {
		most, least = most+l.accounts(), max(least, l.accounts())
	}
	switch {
	case r.Accounts > most || r.Accounts < least: // somebody may be on several lists
		return RowsLost
	case r.Repeated() > 0:
		return RowsRepeated
	}
	for _, l := range r.Lists {
		if l.Count.Known && l.Count.N != l.Countable() {
			return CountDiffers
		}
	}
	switch {
	case r.unlisted() > 0:
		return ListsDiffer
	case r.Strangers > 0:
		return NotMembers
	}
	return ""
}

func (r Reading) moved() bool {
	return slices.ContainsFunc(r.Lists, func(l ListRead) bool { return l.Moved })
}

func (r Reading) unlisted() int { return r.sum(func(l ListRead) int { return l.Unlisted }) }

// Problem is what is wrong with a population that isn't proven, and what to do, in words for people; "" if it is proven.
func (p Population) Problem() string {
	last := p.Last()
	switch p.Proof() {
	case CountDiffers:
		return fmt.Sprintf("%s of %s. %s Somebody may be missing, or came or went while it was read. Have it read again later, or accept it by name.", p.compared(*last), p.named(), p.readings())
	case ListsDiffer:
		return fmt.Sprintf("%s names, on another list, %s of %s that this one doesn't. %s Have it read again later, or accept it by name.", p.service(), some(last.unlisted(), "member"), p.named(), p.readings())
	case NotMembers:
		return fmt.Sprintf("Of %s of %s that were looked up by themselves, %d are not in it. %s The list may be another group's, or an old one: look for a proxy that keeps answers, and have it read again.", some(last.LookedUp, "member"), p.named(), last.Strangers, p.readings())
	case RowsRepeated:
		return fmt.Sprintf("The list of %s names %s a second time. %s The pages may overlap, and then others may be missing. Take out what is there twice, have it read again later, or accept it by name.", p.named(), some(last.Repeated(), "member"), p.readings())
	case RowsLost:
		return fmt.Sprintf("Of %s that were received of %s only %d became members. That is a fault of Latchkey's: report it; the review can't rest on it.", some(last.Rows(), "row"), p.named(), last.Accounts)
	case CountUnknown:
		if last.Accounts == 0 {
			return fmt.Sprintf("%s lists nobody in %s and doesn't say how many there are. An empty answer proves nothing: look at the group there, and accept it by name if it is empty.", p.service(), p.named())
		}
		return fmt.Sprintf("%s doesn't say how many are in %s, and it was read only once. Have it read again: a second reading that finds the same members counts in its place.", p.service(), p.named())
	case Unconfirmed:
		if last.moved() {
			return fmt.Sprintf("Somebody joined or left %s while its pages were read, so somebody else may have been skipped, and it was read only once. Have it read again: a second reading has to find the same members.", p.named())
		}
		return fmt.Sprintf("%s cuts the list of %s into pages by position, so somebody may have been skipped, and it was read only once. Have it read again: a second reading has to find the same members.", p.service(), p.named())
	case Unsteady:
		return fmt.Sprintf("Two readings in a row of %s found different members. %s Have it read again when it is quiet, or accept it by name.", p.named(), p.readings())
	case Unread:
		why := cmp.Or(strings.TrimRight(p.Failure, ". "), "nothing says how it was read")
		return fmt.Sprintf("Who is in %s could not be read to the end: %s. Nothing is known of it, and a review can't start with it: have it read again.", p.named(), why)
	}
	return ""
}

// Says is the proof as a sentence for the record: by what it is proven, or what is wrong, and who accepts it.
func (p Population) Says() string {
	last := p.Last()
	switch p.Proof() {
	case ProvedByCount:
		return fmt.Sprintf("%s counts %s after the last page, and as many were read, nobody twice: %s.", p.service(), countable(*last), span(*last)) + last.beside()
	case ProvedByFile:
		return p.File.says(last.Accounts)
	case ProvedByRereading:
		why := "doesn't count the members"
		if _, counted := last.Counted(); counted {
			why = "counts as many members as were read, and cuts its pages by position"
			if last.moved() {
				why = "counts as many members as were read, and says that somebody joined or left shortly before or meanwhile"
			}
		}
		return fmt.Sprintf("%s %s. Two readings in a row found the same %s, nobody twice: %s.", p.service(), why, some(last.Accounts, "account"), span(*last)) + last.beside()
	}
	if p.Accepted != nil && p.Usable() {
		return p.Problem() + " It was accepted as it is: " + p.Accepted.Why
	}
	return p.Problem()
}

// beside says what else is to be known of who was read.
func (r Reading) beside() (text string) {
	for _, l := range r.Lists {
		if l.Apart != "" {
			text += " Not counted like members: " + l.Apart + "."
		}
	}
	if r.LookedUp > 0 {
		text += fmt.Sprintf(" Looked up by themselves, and found to be in it: %s.", some(r.LookedUp, "member"))
	}
	if r.Doubled > 0 {
		text += fmt.Sprintf(" By more than one account of the same person or address: %s, each with a row of its own.", some(r.Doubled, "further account"))
	}
	return text
}

// compared says what a vendor counts beside what was read, of the first list where that differs.
func (p Population) compared(r Reading) string {
	for _, l := range r.Lists {
		if l.Count.Known && l.Count.N != l.Countable() {
			where := ""
			if len(r.Lists) > 1 {
				where = " at " + l.Request.Path + ","
			}
			return fmt.Sprintf("%s counts %d%s and %d were read", p.service(), l.Count.N, where, l.Countable())
		}
	}
	return ""
}

// readings says how often it was read, and what came of each.
func (p Population) readings() string {
	if len(p.Readings) < 2 {
		return "It was read once."
	}
	each := make([]string, len(p.Readings))
	for i, r := range p.Readings {
		each[i] = fmt.Sprint(r.Accounts)
	}
	return fmt.Sprintf("It was read %d times, with %s accounts.", len(each), strings.Join(each, ", "))
}

func (p Population) service() string { return cmp.Or(p.Service, "The directory") }

func (p Population) named() string { return fmt.Sprintf("%q", cmp.Or(p.Name, p.Group)) }

func countable(r Reading) string {
	return some(r.sum(ListRead.Countable), "member")
}

// span is in how many pages and when a reading was made.
func span(r Reading) string {
	return fmt.Sprintf("%s, from %s to %s", some(r.Pages(), "page"), r.Began().UTC().Format(time.RFC3339), r.Ended().UTC().Format(time.RFC3339))
}

func some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
