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
	named  map[namedKey][]access.PersonID
	able   map[access.PersonID]bool
	number map[access.PersonID]int // in the snapshot, as reviewers of a stage
}

type namedKey struct {
	source catalog.Approver
	role   catalog.RoleRef
}

func newAsking(p *pass, c *chart) *asking {
	return &asking{p, c, map[namedKey][]access.PersonID{}, map[access.PersonID]bool{}, map[access.PersonID]int{}}
}

// of are the numbers of those who are asked about a membership, in both stages; none where nobody can be found for the first.
func (k *asking) of(ctx context.Context, f fact) (first, second []int, err error) {
	for i, stage := range k.Campaign.Review.Stages {
		who, err := k.inStage(ctx, f, stage)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 && len(who) == 0 {
			return nil, nil, nil
		}
		numbers, err := k.numbers(ctx, who)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 {
			first = numbers
		} else {
			second = numbers
		}
	}
	return first, second, nil
}

func (k *asking) numbers(ctx context.Context, who []access.PersonID) ([]int, error) {
	out := make([]int, len(who))
	for i, id := range who {
		n, err := k.numbered(ctx, id)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

// inStage are those who are asked in a stage: whom the first source leads to that leads to anybody, or else the fallback; and those
// who answer beside them.
func (k *asking) inStage(ctx context.Context, f fact, stage catalog.ReviewStage) ([]access.PersonID, error) {
	who, err := k.first(ctx, f, slices.Concat(stage.Reviewers, stage.Fallback))
	if err != nil || len(who) == 0 {
		return nil, err
	}
	out := slices.Clone(who)
	for _, a := range stage.Additional {
		more, err := k.source(ctx, f, a)
		if err != nil {
			return nil, err
		}
		for _, id := range more {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}

func (k *asking) first(ctx context.Context, f fact, sources []catalog.Approver) ([]access.PersonID, error) {
	for _, a := range sources {
		if who, err := k.source(ctx, f, a); err != nil || len(who) > 0 {
			return who, err
		}
	}
	return nil, nil
}

// source are those whom one source leads to, but for whose access it is: nobody reviews their own, under whichever account.
func (k *asking) source(ctx context.Context, f fact, a catalog.Approver) (who []access.PersonID, err error) {
	switch a.Kind {
	case catalog.Manager:
		who, err = k.up(ctx, f, 1)
	case catalog.SecondManager:
		who, err = k.up(ctx, f, 2)
	case catalog.Owner:
		who, err = k.byName(ctx, a, catalog.RoleRef{App: f.App.ID})
	case catalog.RoleApprover:
		who, err = k.byName(ctx, a, catalog.RoleRef{App: f.App.ID, Role: f.Roles[0].ID})
	default:
		who, err = k.byName(ctx, a, catalog.RoleRef{})
	}
	if slices.Contains(who, f.account.who) {
		who = slices.DeleteFunc(slices.Clone(who), func(id access.PersonID) bool { return id == f.account.who })
	}
	return who, err
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

// up is the manager of whose account it is, walked up the organization until one is found who can answer: the nth of those.
// Somebody who stands above themselves is passed over, and a chart that goes round in circles ends where it began.
func (k *asking) up(ctx context.Context, f fact, nth int) ([]access.PersonID, error) {
	at := boss{f.account.managedBy, f.account.manager}
	seen := map[string]bool{f.account.id: true}
	for range mostLevels {
		if at.who != "" && at.who != f.account.who {
			able, err := k.can(ctx, at.who)
			if err != nil {
				return nil, err
			}
			if able {
				nth--
			}
			if able && nth == 0 {
				return []access.PersonID{at.who}, nil
			}
		}
		if at.account == "" || seen[at.account] {
			break
		}
		seen[at.account] = true
		next, err := k.chart.over(ctx, f.Ref.Directory, at.account)
		if err != nil {
			return nil, err
		}
		at = next
	}
	return nil, nil
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
