package reading

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store/snapshot"
)

// mostLevels is how far up it is looked for a manager who can answer.
const mostLevels = 10

// asking finds who is asked about memberships. What it has found once it knows: an app has the same owners for everybody.
type asking struct {
	*pass
	chart  *chart
	able   map[access.PersonID]bool
	number map[access.PersonID]int // in the snapshot, as reviewers of a stage
	named  map[namedKey][]access.PersonID
	stages []stageAsked
	above  int                           // which of those above is asked alone, whatever the membership: see only; -1: it depends
	known  map[access.PersonID]*reviewer // who was found walking up
	who    []*reviewer                   // of the membership that is looked at
	room   []int                         // for the numbers of those who are asked
}

// namedKey is a source that isn't about the person.
type namedKey struct {
	source catalog.Approver
	role   catalog.RoleRef
}

// stageAsked are a stage's sources: first those of which the first counts that leads to anybody, then those who answer beside.
type stageAsked struct {
	first, beside []source
}

// source is a source of reviewers, with those to whom it leads in the group that is read.
type source struct {
	catalog.Approver
	looked bool
	who    []reviewer
}

func newAsking(p *pass, c *chart) *asking {
	k := &asking{pass: p, chart: c, able: map[access.PersonID]bool{}, number: map[access.PersonID]int{}, named: map[namedKey][]access.PersonID{}, known: map[access.PersonID]*reviewer{}}
	sources := func(all []catalog.Approver) (out []source) {
		for _, a := range all {
			out = append(out, source{Approver: a})
		}
		return out
	}
	for _, s := range p.Campaign.Review.Stages {
		k.stages = append(k.stages, stageAsked{first: sources(slices.Concat(s.Reviewers, s.Fallback)), beside: sources(s.Additional)})
	}
	if k.above = -1; len(k.stages) == 1 && len(k.stages[0].beside) == 0 && len(k.stages[0].first) > 0 {
		k.above = upwards(k.stages[0].first[0].Kind)
	}
	return k
}

// upwards is which of those above an account a source means; -1 if it means others.
func upwards(kind catalog.ApproverKind) int {
	return slices.Index([]catalog.ApproverKind{catalog.Manager, catalog.SecondManager}, kind)
}

// only is the number of whoever is asked about whatever an account has: the manager, where nobody else is asked beside them.
// Nothing is said before it was looked for them once.
func (k *asking) only(m *member) []int {
	if k.above < 0 || m.above[k.above] == nil || !m.above[k.above].numbered {
		return nil
	}
	return m.above[k.above].number[:]
}

// begin begins a group: what other groups' sources led to counts no more.
func (k *asking) begin() {
	for _, s := range k.stages {
		for i := range s.first {
			s.first[i].looked = false
		}
		for i := range s.beside {
			s.beside[i].looked = false
		}
	}
}

// of are the numbers of those who are asked about a membership, in both stages; none where nobody can be found for the first.
// They are good until what was found is forgotten.
func (k *asking) of(ctx context.Context, f *fact) (first, second []int, err error) {
	if only := k.only(f.member); only != nil {
		return only, nil, nil
	}
	for i := range k.stages {
		who, err := k.inStage(ctx, f, &k.stages[i])
		if err != nil {
			return nil, nil, err
		}
		numbers, err := k.numbers(ctx, who)
		switch {
		case err != nil:
			return nil, nil, err
		case i > 0:
			second = numbers
		case len(who) == 0:
			return nil, nil, nil
		default:
			first = numbers
		}
	}
	return first, second, nil
}

// numbers are those of some reviewers.
func (k *asking) numbers(ctx context.Context, who []*reviewer) ([]int, error) {
	from := len(k.room)
	for _, one := range who {
		if !one.numbered {
			n, err := k.numbered(ctx, one.who)
			if err != nil {
				return nil, err
			}
			one.number[0], one.numbered = n, true
		}
		k.room = append(k.room, one.number[0])
	}
	return k.room[from:len(k.room):len(k.room)], nil
}

// forget has the room for numbers used again.
func (k *asking) forget() { k.room = k.room[:0] }

// inStage are those who are asked in a stage: whom the first source leads to that leads to anybody, or else the fallback; and those
// who answer beside them. Nobody reviews their own access, under whichever account.
func (k *asking) inStage(ctx context.Context, f *fact, stage *stageAsked) ([]*reviewer, error) {
	k.who = k.who[:0]
	for i := range stage.first {
		if err := k.add(ctx, f, &stage.first[i]); err != nil {
			return nil, err
		}
		if len(k.who) > 0 {
			break
		}
	}
	if len(k.who) == 0 {
		return nil, nil
	}
	for i := range stage.beside {
		if err := k.add(ctx, f, &stage.beside[i]); err != nil {
			return nil, err
		}
	}
	return k.who, nil
}

// add adds those to whom a source leads, but for whose access it is, and who is asked already.
func (k *asking) add(ctx context.Context, f *fact, s *source) error {
	if nth := upwards(s.Kind); nth >= 0 {
		who, err := k.up(ctx, f, nth)
		if err == nil { // nobody is found above themselves
			k.ask(who)
		}
		return err
	}
	if !s.looked {
		who, err := k.byName(ctx, s.Approver, roleOf(s.Approver, f))
		if err != nil {
			return err
		}
		s.looked, s.who = true, s.who[:0]
		for _, id := range who {
			s.who = append(s.who, reviewer{who: id})
		}
	}
	for i := range s.who {
		if who := &s.who[i]; who.who != f.account.who {
			k.ask(who)
		}
	}
	return nil
}

// ask adds somebody to those who are asked, unless they are asked already.
func (k *asking) ask(r *reviewer) {
	if r.who != "" && !slices.ContainsFunc(k.who, func(o *reviewer) bool { return o.who == r.who }) {
		k.who = append(k.who, r)
	}
}

// roleOf is the role of the catalogue that a source is about.
func roleOf(a catalog.Approver, f *fact) catalog.RoleRef {
	switch a.Kind {
	case catalog.Owner:
		return catalog.RoleRef{App: f.App.ID}
	case catalog.RoleApprover:
		return catalog.RoleRef{App: f.App.ID, Role: f.Roles[0].ID}
	}
	return catalog.RoleRef{}
}

// byName are those for whom a source stands that isn't about the person.
func (k *asking) byName(ctx context.Context, a catalog.Approver, role catalog.RoleRef) ([]access.PersonID, error) {
	key := namedKey{a, role}
	if who, known := k.named[key]; known {
		return who, nil
	}
	who, lacks, err := k.Reviewers.Named(ctx, a, role)
	if err != nil {
		if class := access.Classify(err).Class; ctx.Err() != nil || class == access.Limited || class == access.Transient {
			return nil, err
		}
		who, lacks = nil, []string{access.Classify(err).Sentence}
	}
	if len(who) == 0 {
		k.Logger.Warn("nobody can be found by a source of reviewers", "review", k.Campaign.ID, "source", a.String(), "role", role, "because", lacks)
	}
	k.named[key] = who
	return who, nil
}

// up is the manager of whose account it is, walked up the organization until one is found who can answer; or the second of
// those (nth is 1).
func (k *asking) up(ctx context.Context, f *fact, nth int) (*reviewer, error) {
	found := &f.member.above[nth]
	if *found == nil {
		who, err := k.walk(ctx, f, nth)
		if err != nil {
			return nil, err
		}
		if k.known[who] == nil {
			k.known[who] = &reviewer{who: who}
		}
		*found = k.known[who]
	}
	return *found, nil
}

// walk walks up. Somebody who stands above themselves is passed over, and a chart that goes round in circles ends where it
// began.
func (k *asking) walk(ctx context.Context, f *fact, nth int) (access.PersonID, error) {
	at := boss{f.account.managedBy, f.account.manager}
	seen := map[string]bool{f.account.id: true}
	for range mostLevels {
		if at.who != "" && at.who != f.account.who {
			able, err := k.can(ctx, at.who)
			if err != nil {
				return "", err
			}
			if able && nth == 0 {
				return at.who, nil
			}
			if able {
				nth--
			}
		}
		if at.account == "" || seen[at.account] {
			break
		}
		seen[at.account] = true
		next, err := k.chart.over(ctx, f.Ref.Directory, at.account)
		if err != nil {
			return "", err
		}
		at = next
	}
	return "", nil
}

// can tells whether somebody may answer.
func (k *asking) can(ctx context.Context, who access.PersonID) (bool, error) {
	if able, known := k.able[who]; known {
		return able, nil
	}
	found, err := k.Reviewers.Able(ctx, who)
	if err != nil {
		return false, err
	}
	k.able[who] = len(found) > 0
	return k.able[who], nil
}

// numbered is a reviewer's number in the snapshot.
func (k *asking) numbered(ctx context.Context, id access.PersonID) (int, error) {
	if n, known := k.number[id]; known {
		return n, nil
	}
	n, known := k.to.NumberOf(id)
	if !known {
		p := k.People.Names(ctx, []access.PersonID{id})[id]
		var err error
		if n, err = k.to.AddPeople(ctx, snapshot.Person{ID: id, Name: p.Name, Address: p.Email}); err != nil {
			return 0, errors.Join(errors.New("add a reviewer"), err)
		}
	}
	k.number[id] = n
	return n, nil
}
