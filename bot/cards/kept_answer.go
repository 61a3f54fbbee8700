package cards

import (
	"slices"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// Kept is what somebody reads whose answer waits until it is known whether they may
// give it; "" if none does. It is plain text.
func Kept(r access.Request, who access.PersonID) string {
	if _, kept := r.Kept(who); !kept {
		return ""
	}
	return "Your answer is kept. Whether you may give it can't be found out at the moment. It takes effect as soon as that is known, and you needn't do anything."
}

// keptLines tell of answers that wait to take effect, escaped. Which answer it is is
// nobody's business as long as it doesn't count.
func (b builder) keptLines() string {
	var lines []string
	for _, k := range b.Request.Waiting {
		if b.reads(k.By.Person) {
			lines = append(lines, Kept(b.Request, k.By.Person))
			continue
		}
		lines = append(lines, blocks.Escape(b.name(k.By.Person), 2*blocks.MaxName)+" has answered, "+blocks.When(k.At)+". It counts as soon as it is known that they may decide, which can't be found out at the moment.")
	}
	return blocks.Lines(lines...)
}

// lacksLine says that there is nothing yet in which the access could be set up.
// Escaped.
func lacksLine(b builder) string {
	if b.Phase() != access.PhasePending || len(b.Request.Lacks) == 0 {
		return ""
	}
	return ":warning: " + blocks.Escape(blocks.List(b.Request.Lacks, 5)+" shows no account that is known to be "+b.name(b.Request.Beneficiary)+"'s, so nothing can be set up until there is one. IT has been told.", 800)
}

// standInLine says why others are asked than those whom the route names, and who
// can't be found. Escaped.
func (b approverCard) standInLine() string {
	st := b.stage()
	switch {
	case b.Phase() != access.PhasePending || len(st.Asked) == 0:
		return ""
	case st.Why != "":
		return "You are asked in their place. " + blocks.Escape(st.Why, 800)
	case st.Need.All && len(st.Unfound)+len(st.Unread) > 0:
		return "Everybody has to say yes, and not everybody can be asked: " + blocks.Escape(blocks.List(slices.Concat(st.Unread, st.Unfound), 5), 800) + ". IT has been told."
	case len(st.Unread) > 0:
		return "Others may be asked as well later: " + blocks.Escape(blocks.List(st.Unread, 5), 800) + "."
	}
	return ""
}
