package access

import (
	"fmt"
	"strings"
)

// Contradictory is the reason of a Contradiction.
const Contradictory Reason = "contradictory" // accounts or addresses don't fit the person known by them

// Contradiction refuses to bind something that is somebody else's, or that does
// not fit what is known of the person. Nothing was overwritten. As a Refusal it
// has a sentence for the person; its own text is for IT.
type Contradiction struct {
	Person  PersonID   // whom it was to be bound to; "" for somebody new
	Binding Binding    // what was to be bound
	Holders []PersonID // who has it now
	Has     string     // the account that the person, or the one holder, has there instead
	Why     string
	Several bool // several accounts could be meant: Binding.ID is the address they share
}

// Error says what contradicts what.
func (c *Contradiction) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q can't be bound to %s: %s", c.Binding.System, c.Binding.ID, orSomebody(c.Person), c.Why)
	if len(c.Holders) > 0 {
		fmt.Fprintf(&b, " (%s)", joined(c.Holders))
	}
	if c.Has != "" {
		fmt.Fprintf(&b, " (%q)", c.Has)
	}
	b.WriteString("; find out whose it is and correct the address or the account where it is wrong")
	return b.String()
}

// Unwrap is the refusal that the person reads.
func (c *Contradiction) Unwrap() error {
	return refuse(Contradictory, "I can't tell for certain who you are: an account or address of yours is known as somebody else's. Ask IT to look at it.")
}

func orSomebody(who PersonID) string {
	if who == "" {
		return "somebody new"
	}
	return string(who)
}

func joined(who []PersonID) string {
	words := make([]string, len(who))
	for i, w := range who {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}
