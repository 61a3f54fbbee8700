package people

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// observation is all that was shown of somebody, and when it was asked for.
type observation struct {
	slack   access.Person
	replies replies
	look
	recalled  *recollection // what the store said before; nil: it is to be asked again
	alone     bool          // nobody asked who their manager is
	authority string        // the directory that is named authoritative; "": none is
}

// complete adds to a person what is no matter of identity: what sort of account
// they have, how they stand, where they work. The worst standing counts. What a
// directory that keeps silent said last stands in. Whose account was deleted may not
// act; that they have left, it takes more to say.
func (seen observation) complete(p access.Person, id access.Identification) (access.Person, managerEntry) {
	was := p
	p.Kind, p.TimeZone, p.Standing, p.StatusAway = seen.slack.Kind, seen.slack.TimeZone, seen.slack.Standing, seen.slack.StatusAway
	p.Title, p.Department, p.Since, p.LastLogin = "", "", was.Since, was.LastLogin
	p.Employment, p.Location = "", ""
	var b managerEntry
	telling := seen.replies.telling(id, seen.authority)
	for _, r := range telling {
		if r.gone {
			p.Standing = worse(p.Standing, access.Suspended)
		}
		if a := r.account(id); a != nil {
			p.Standing = worse(p.Standing, a.Standing)
			p, b = r.add(p, b)
		}
	}
	if seen.alone {
		b = managerEntry{known: true}
	}
	if seen.unsaid(id) != nil {
		p.Standing = worse(p.Standing, was.Standing)
		p.Title, p.Department = cmp.Or(p.Title, was.Title), cmp.Or(p.Department, was.Department)
		p.Employment, p.Location = cmp.Or(p.Employment, was.Employment), cmp.Or(p.Location, was.Location)
		b.known = true
	}
	for _, r := range seen.replies {
		if r.answer.Ambiguous && (len(telling) == 0 || seen.authority == "") {
			b.unclear = r.dir.ID()
		}
	}
	p.Title = cmp.Or(p.Title, seen.slack.Title)
	return p, b
}

// unsaid is a directory that keeps silent and whose word would count; nil if there is none.
func (seen observation) unsaid(id access.Identification) *reply {
	telling := seen.replies.telling(id, seen.authority)
	if len(telling) == 1 && telling[0].dir.ID() == seen.authority && !telling[0].answer.Silent {
		return nil
	}
	silent, _ := seen.replies.silent()
	return silent
}

// unchanged is somebody of whom nothing is shown that the store doesn't say already, as
// far as that can be told without asking it again.
func (seen observation) unchanged(id access.Identification, at time.Time) (p access.Person, b managerEntry, same bool) {
	r := seen.recalled
	if r == nil || id.Verdict != access.IdentityKnown || id.Person != r.known.ID || len(id.Release) > 0 {
		return p, b, false
	}
	p, err := id.Apply(r.known.Person, r)
	if err != nil || !slices.Equal(p.Addresses(), r.known.Addresses()) {
		return p, b, false
	}
	p, b = seen.complete(p, id)
	p, _ = p.Continue(r.known.Person, seen.replies.telling(id, seen.authority).number(id), at)
	if slices.ContainsFunc(p.Bindings, func(b access.Binding) bool { return b.IsAddress() && p.Held(access.Email(b.ID)) }) {
		return p, b, false // whom those mean depends on others, too
	}
	if p.Manager, same = r.managed(b); !same {
		return p, b, false
	}
	return p, b, sameButTimes(r.known.Person, p)
}

// unchangedInStore tells whether nothing of a known person but the time of looking has
// changed since they were stored.
func (seen observation) unchangedInStore(ctx context.Context, units *engine.Units, id access.Identification) (p access.Person, b managerEntry, same bool, err error) {
	err = units.View(ctx, func(tx store.Tx) error {
		old, err := store.Person(tx, id.Person)
		if err != nil {
			return err
		}
		k, err := store.IdentifiedAs(tx, old, id, units.Now())
		if err != nil {
			return err
		}
		b, err = seen.apply(tx, &k, old.Person, id, units.Now())
		p, same = k.Person, sameButTimes(old.Person, k.Person)
		return err
	})
	return p, b, same, err
}

// apply completes a person by what was shown of them, notes whether they came
// back, and says who their manager is.
func (seen observation) apply(tx store.Tx, k *store.Known, was access.Person, id access.Identification, at time.Time) (b managerEntry, err error) {
	k.Person, b = seen.complete(k.Person, id)
	k.Person, _ = k.Continue(was, seen.replies.telling(id, seen.authority).number(id), at)
	if k.Person, err = store.Written(tx, k.Person); err != nil {
		return b, err
	}
	k.Manager, err = managerIn(tx, b, k.Manager)
	return b, err
}

func sameButTimes(a, b access.Person) bool {
	a.LastLogin, b.LastLogin = time.Time{}, time.Time{}
	a.Since, b.Since = a.Since.Truncate(time.Second), b.Since.Truncate(time.Second)
	if !slices.EqualFunc(a.Bindings, b.Bindings, func(a, b access.Binding) bool { return withoutTimes(a) == withoutTimes(b) }) {
		return false
	}
	a.Bindings, b.Bindings = nil, nil
	return reflect.DeepEqual(a, b)
}

// withoutTimes leaves out when a binding was established, but not that it ended.
func withoutTimes(b access.Binding) access.Binding {
	b.Since = time.Time{}
	if !b.Live() {
		b.Until = time.Unix(0, 0)
	}
	return b
}
