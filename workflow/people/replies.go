package people

import (
	"cmp"
	"slices"

	"latchkey/access"
	"latchkey/idp"
)

// reply is what one directory shows of somebody.
type reply struct {
	dir    idp.Directory
	answer access.DirectoryAnswer
	shown  idp.Person // the account that was read or found
	err    error      // why it does not answer
	gone   bool       // the account that is bound was deleted: nothing has its id
}

type replies []reply

// earlyReplies are what the directories show of somebody, asked beside Slack and by what the
// store knows of them. They count if Slack shows the same account with the same address.
type earlyReplies struct {
	all     replies
	answers []access.DirectoryAnswer
}

// silent is the first directory that does not answer.
func (all replies) silent() (*reply, bool) {
	for i := range all {
		if all[i].answer.Silent {
			return &all[i], true
		}
	}
	return nil, false
}

// silence is the failure that a directory does not answer.
func (all replies) silence(what string) error {
	r, _ := all.silent()
	return DirectoryFailure(r.dir, what+" in "+r.dir.ID(), r.err)
}

// theirs is the account that a directory shows, if it is bound to the person.
func (r reply) theirs(p access.Person) (idp.Person, bool) {
	seen := r.answer.ByID != nil || r.answer.ByAddress != nil
	return r.shown, seen && r.shown.ID == p.Account(r.dir.ID())
}

// missed tells whether somebody has an account that was not looked at.
func (all replies) missed(p access.Person) bool {
	for _, r := range all {
		if _, seen := r.theirs(p); !seen && !r.answer.Silent && p.Account(r.dir.ID()) != "" {
			return true
		}
	}
	return false
}

// counts tells whether the account that a directory shows is the person's.
func (r reply) counts(id access.Identification) bool { return r.account(id) != nil }

// account is the person's account that a directory shows; nil if that is not the person's.
func (r reply) account(id access.Identification) *access.AccountSnapshot {
	for i, a := range id.Accounts {
		if a.System == r.dir.ID() && a.ID == r.shown.ID {
			return &id.Accounts[i]
		}
	}
	return nil
}

func (r reply) add(p access.Person, b managerEntry) (access.Person, managerEntry) {
	a := r.shown
	p.Title, p.Department = cmp.Or(a.Title, p.Title), cmp.Or(a.Department, p.Department)
	p.Employment, p.Location = cmp.Or(a.Type, p.Employment), cmp.Or(a.Location, p.Location)
	if p.Since.IsZero() {
		p.Since = a.Created
	}
	if a.LastLogin.After(p.LastLogin) {
		p.LastLogin = a.LastLogin
	}
	if says := (managerEntry{directory: r.dir.ID(), account: a.ManagerID, address: access.NewEmail(a.ManagerEmail), key: a.ManagerKey, named: a.ManagerText}); says.better(b) {
		b = says
	}
	return p, b
}

// number is the person's in the HR file, as the directories show it; "" if none
// does, or if they don't agree.
func (all replies) number(id access.Identification) string {
	found := ""
	for _, r := range all {
		switch {
		case !r.counts(id) || r.shown.Number == "":
		case found != "" && found != r.shown.Number:
			return ""
		default:
			found = r.shown.Number
		}
	}
	return found
}

func standingOf(s idp.Status) access.Standing {
	switch s {
	case idp.Active:
		return access.Active
	case idp.Suspended:
		return access.Suspended
	default:
		return access.Left
	}
}

// worse is the worse of two standings.
func worse(a, b access.Standing) access.Standing {
	if badness(a) >= badness(b) {
		return a
	}
	return b
}

func badness(s access.Standing) int {
	return slices.Index([]access.Standing{access.Active, access.Suspended, access.Left}, s)
}

// telling are the replies by which somebody is known: all of those that show an account of theirs, or the one of
// the authoritative directory if that does.
func (all replies) telling(id access.Identification, authority string) replies {
	var out replies
	for _, r := range all {
		switch {
		case authority != "" && r.dir.ID() == authority && (r.counts(id) || r.gone || r.answer.Silent):
			return replies{r}
		case r.counts(id) || r.gone:
			out = append(out, r)
		}
	}
	return out
}
