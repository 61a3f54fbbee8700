package people

import (
	"context"
	"slices"

	"latchkey/access"
)

// standIn are people who decide where nobody can whom the route asks.
type standIn struct {
	who     string // for the sentence that says so
	written []access.Email
	owners  bool // of the app: they aren't IT
}

// written are all addresses of those who stand in.
func (w way) written() (all []access.Email) {
	for _, s := range w.standIns {
		all = append(all, s.written...)
	}
	return all
}

// inPlace are those who answer where nobody can whom the sources name: the back-up
// approvers, whoever managed those who have left, or the first of those who stand in. Of these nobody who reports to whoever asks
// or gets the access, as long as there is anybody else: that can't be expected to say no. But
// a request of somebody to whom all report is decided, too, by IT.
func (q question) inPlace(ctx context.Context, w way, n named) (Found, error) {
	backed, err := q.backups(ctx, w.backups)
	if err != nil || len(backed.Who) > 0 {
		backed.Why = "Its back-up approvers are asked."
		return backed, err
	}
	if above, err := q.aboveLeavers(ctx, n); err != nil || len(above.Who) > 0 {
		return above, err
	}
	for _, s := range w.standIns {
		found, err := q.standsIn(ctx, s)
		if err == nil && len(w.sources) > 0 {
			found.Who, err = escalation(q).notBelow(ctx, found.Who)
			found.Why = sentenceOf(s)
		}
		if err != nil || len(found.Who) > 0 {
			return found, err
		}
	}
	if len(w.sources) == 0 {
		return Found{}, nil
	}
	return q.reporting(ctx, w)
}

// reporting is the last resort: those of IT who report to whoever asks or gets the access.
func (q question) reporting(ctx context.Context, w way) (found Found, err error) {
	for _, s := range w.standIns {
		if s.owners {
			continue
		}
		found, err = q.standsIn(ctx, s)
		if err != nil || len(found.Who) > 0 {
			found.Why = sentenceOf(s) + " All who could stand in report to whoever asks or gets the access."
			return found, err
		}
	}
	return Found{}, nil
}

func sentenceOf(s standIn) string { return "In their place: " + s.who + "." }

// standsIn are those of the people whom addresses name who may decide.
func (q question) standsIn(ctx context.Context, s standIn) (Found, error) {
	n, err := q.s.byAddresses(ctx, s.written)
	if err != nil {
		return Found{}, err
	}
	n.because(access.Basis{})
	found, err := q.s.admitted(ctx, q.r, q.standingIn(n))
	found.Unfound = nil // nobody is missing who only stands in
	return found, err
}

// asBackups notes that those who are named are so as back-ups, but for whom somebody chose.
func (n *named) asBackups() {
	for who, b := range n.as {
		b.Backup = b.Asked == ""
		n.as[who] = b
	}
	n.who = slices.Clone(n.who)
}

// secondManager is the manager of whoever manages who gets the access, or why that is
// nobody.
func (q question) secondManager(ctx context.Context) (named, error) {
	first, err := q.s.managerOf(ctx, q.r.Beneficiary)
	if err != nil || len(first.who) == 0 {
		return first, err
	}
	return q.managedBy(ctx, first.who[0])
}
