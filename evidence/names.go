package evidence

import (
	"errors"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// names tells by which address people are known whom the record names by ids.
// Each is looked up once.
type names struct {
	tx    store.Tx
	known map[access.PersonID]access.Person
	err   error // the first that came up
}

func namesIn(tx store.Tx) *names {
	return &names{tx: tx, known: map[access.PersonID]access.Person{}}
}

// person is what the store knows of somebody; only the id, if that is nothing.
func (n *names) person(who access.PersonID) access.Person {
	if p, ok := n.known[who]; ok {
		return p
	}
	k, err := store.Person(n.tx, who)
	if errors.Is(err, store.ErrNotFound) {
		k.Person, err = access.Person{ID: who}, nil
	}
	if err != nil && n.err == nil {
		n.err = err
	}
	n.known[who] = k.Person
	return k.Person
}

// at is the address somebody had at a moment. Evidence never leaves open who it
// was: it is the id where no address is known.
func (n *names) at(who access.PersonID, at time.Time) string {
	return contactAt(n.person(who), who, at)
}

func contactAt(p access.Person, who access.PersonID, at time.Time) string {
	switch {
	case who == "":
		return ""
	case p.Contact() == access.Unnamed:
		return string(who)
	}
	return p.ContactAt(at)
}

// joined lists people.
func (n *names) joined(who []access.PersonID, at time.Time) string {
	out := make([]string, len(who))
	for i, w := range who {
		out[i] = n.at(w, at)
	}
	return strings.Join(out, "; ")
}

// those says of everybody in a list under which address they were known then.
func (n *names) those(at time.Time, who ...access.PersonID) map[access.PersonID]string {
	out := map[access.PersonID]string{}
	for _, w := range who {
		if w != "" {
			out[w] = n.at(w, at)
		}
	}
	return out
}

func (n *names) ofRequest(r access.Request) map[access.PersonID]string {
	who := []access.PersonID{r.Requester, r.Beneficiary}
	for _, s := range r.Stages {
		who = append(who, s.Asked...)
		for _, a := range s.Answers {
			who = append(who, a.By.Person)
		}
	}
	return n.those(r.Created, who...)
}

func (n *names) ofGrant(g access.Grant) map[access.PersonID]string {
	return n.those(g.Created, g.Person, g.EndedBy.Person)
}

func (n *names) ofEvent(e access.Event) map[access.PersonID]string {
	return n.those(e.At, append([]access.PersonID{e.Person, e.Actor.Person, e.For}, e.Approvers...)...)
}
