package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/idp"
)

// extraction reads who is in a group, with what proves that nobody is missing.
type extraction func(ctx context.Context, s *Service, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error)

// extracted is who is in a group, with what proves that nobody is missing.
func extracted(ctx context.Context, s *Service, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error) {
	take := &listed{}
	proof, err := Extractor{Clock: s.clock, Tool: s.version}.Extract(ctx, d, g, take)
	if err != nil {
		return nil, proof, err // what came by then is not everybody
	}
	return take.members, proof, nil
}

// listed are the members of the latest reading.
type listed struct{ members []idp.Membership }

// Begin implements Members.
func (l *listed) Begin() error {
	l.members = nil
	return nil
}

// Add implements Members. Whose accounts they are is found out for all of them together, later.
func (l *listed) Add(m idp.Membership) (access.PersonID, error) {
	l.members = append(l.members, m)
	return "", nil
}

// doubled notes in a group's proof how many of its members are there by another account, too, now that it is known who they
// are.
func (r *reading) doubled(proof *access.Population, directory string, members []idp.Membership) {
	last := proof.Last()
	if last == nil {
		return
	}
	last.Doubled = 0
	seen := map[string]bool{}
	for _, m := range members {
		key := "address " + m.Email
		if a := r.folk.all[[2]string{directory, m.PersonID}]; a != nil && a.who != "" {
			key = "person " + string(a.who)
		} else if m.Email == "" {
			continue
		}
		if seen[key] {
			last.Doubled++
		}
		seen[key] = true
	}
}
