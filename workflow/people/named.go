package people

import (
	"slices"

	"latchkey/access"
)

// Found is who may decide a stage at one moment, and what there is to say about it.
type Found struct {
	Who     []access.PersonID
	Unfound []string                         // whom the sources name besides, and why they can't be asked
	Why     string                           // why others decide than those whom the sources name; "" if these do
	As      map[access.PersonID]access.Basis // why each of them may
	Unread  []string                         // which sources couldn't be read: it isn't known whom they name

	Also      []access.PersonID // who of them may because those whom the sources name don't answer
	Standby   []access.PersonID // who of them may as back-up approvers, and isn't told that it waits
	Delegates []access.Delegate // who of them may only in somebody else's place

	// Named are all whom the sources name, where only one of them was looked at: Who is
	// that one, or nobody.
	Named []access.PersonID

	pairs []access.Delegate // who would decide for one of them, whether they can or not
	doubt error             // why somebody who isn't among them may be one all the same
}

// Asked are those who are told that it waits for them.
func (f Found) Asked() []access.PersonID {
	return slices.DeleteFunc(slices.Clone(f.Who), func(who access.PersonID) bool { return slices.Contains(f.Standby, who) })
}

// named is whom a source of approvers stands for.
type named struct {
	who     []access.PersonID
	unfound []string // whom it names and who can't be found
	vacant  []string // why it names nobody
	unread  []string // what can't be read now
	doubt   error    // why whoever isn't named may be all the same
	as      map[access.PersonID]access.Basis
}

// because notes why those who are named are, unless there is a reason already.
func (n *named) because(b access.Basis) {
	for _, who := range n.who {
		n.note(who, b)
	}
}

// note notes why somebody is named, unless there is a reason already.
func (n *named) note(who access.PersonID, b access.Basis) {
	if n.as == nil {
		n.as = map[access.PersonID]access.Basis{}
	}
	if _, known := n.as[who]; !known {
		n.as[who] = b
	}
}

// lacks says why nobody of those whom sources name can decide.
func (n named) lacks(r access.Request, found Found) []string {
	out := slices.Concat(n.unread, n.vacant, found.Unfound)
	if slices.ContainsFunc(n.who, func(who access.PersonID) bool { return own(r, who) }) {
		out = append(out, "nobody decides on their own access")
	}
	if r.Distinct && slices.ContainsFunc(n.who, func(who access.PersonID) bool { return saidYes(r, who) }) {
		out = append(out, "every stage needs somebody else, and whoever this one asks has agreed to an earlier one")
	}
	return out
}

// and joins whom two sources name.
func (n named) and(o named) named {
	n.who, n.unfound, n.vacant = slices.Concat(n.who, o.who), slices.Concat(n.unfound, o.unfound), slices.Concat(n.vacant, o.vacant)
	n.unread = slices.Concat(n.unread, o.unread)
	if n.doubt == nil {
		n.doubt = o.doubt
	}
	for who, b := range o.as {
		n.note(who, b)
	}
	return n
}

func own(r access.Request, who access.PersonID) bool {
	return who == r.Requester || who == r.Beneficiary
}

// whyNot says in few words what is amiss with somebody who may not act.
func whyNot(p access.Person) string {
	switch {
	case p.Kind != access.Employee:
		return "the account in Slack is a " + string(p.Kind) + "'s"
	case p.Email == "":
		return "Slack shows no address of theirs"
	case !p.Offboarded.IsZero():
		return "IT ended everything they have"
	case !p.Doubted.IsZero():
		return "it is open whether the account is still theirs"
	}
	return "the account is " + string(p.Standing)
}

// saidYes tells whether somebody has agreed to an earlier stage.
func saidYes(r access.Request, who access.PersonID) bool {
	for _, st := range r.Stages[:min(r.Stage, len(r.Stages))] {
		if slices.ContainsFunc(st.Answers, func(a access.Answer) bool { return a.Yes && (a.By.Person == who || a.For == who) }) {
			return true
		}
	}
	return false
}

// silent is the failure that a directory does not answer. Why it doesn't is in the
// log.
func silent(what string) error {
	return &access.Failure{Class: access.Transient, Sentence: what + " can't be found out now: a directory does not answer"}
}
