package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// holder is the person whose Jira account it is: exactly one, or a refusal. An
// account that hides its address can only be known from an earlier binding or as
// that of one of the candidates.
func (s *Service) holder(ctx context.Context, a access.Account, candidates ...access.PersonID) (access.Person, error) {
	who, how, err := s.personOf(ctx, a, candidates)
	if err != nil {
		return access.Person{}, err
	}
	p, err := s.people.byEmail(ctx, who)
	if err != nil {
		return p, err
	}
	return s.people.bind(ctx, p, access.Binding{System: string(access.ViaJira), ID: a.ID, How: how, Since: s.Clock.Now().UTC()})
}

func (s *Service) personOf(ctx context.Context, a access.Account, candidates []access.PersonID) (access.PersonID, string, error) {
	switch {
	case a.ID == "" || !a.Active:
		return "", "", access.Refuse(access.NotAllowed, "", named(a)+" has no active account in Jira.")
	case a.Email != "":
		return PersonOf(a.Email), "Jira shows the account's e-mail", nil
	}
	var known store.Known
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		known, err = store.PersonByAccount(tx, string(access.ViaJira), a.ID)
		return err
	})
	if err == nil {
		return known.ID, "known before", nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return "", "", err
	}
	for _, c := range candidates {
		p, err := s.people.byEmail(ctx, c)
		if err != nil {
			continue // whoever can't be looked up can't be recognised either
		}
		id, err := s.ports.Inbox.Account(ctx, p)
		if err != nil {
			return "", "", err
		}
		if id == a.ID {
			return c, "Jira finds exactly this account for the e-mail", nil
		}
	}
	return "", "", access.Refuse(access.Unknown, "", fmt.Sprintf("Jira doesn't show whose account %s is, because it hides the e-mail address.", named(a)))
}

func named(a access.Account) string {
	if a.Name != "" {
		return a.Name
	}
	return "Somebody"
}

// bind remembers an account of a person.
func (p *people) bind(ctx context.Context, who access.Person, b access.Binding) (access.Person, error) {
	if who.Account(b.System) == b.ID {
		return who, nil
	}
	who.Bindings = append(without(who.Bindings, b.System), b)
	p.mu.Lock()
	if f, ok := p.fresh[who.ID]; ok {
		f.person.Bindings = append(without(f.person.Bindings, b.System), b)
		p.fresh[who.ID] = f
	}
	p.mu.Unlock()
	return who, p.remember(ctx, who)
}

func without(in []access.Binding, system string) []access.Binding {
	return slices.DeleteFunc(slices.Clone(in), func(b access.Binding) bool { return b.System == system })
}

// carryOver adds the bindings that were remembered and that were not looked for
// this time.
func carryOver(m access.Person, old []access.Binding) access.Person {
	for _, b := range old {
		if b.System == string(access.ViaJira) && m.Account(b.System) == "" {
			m.Bindings = append(m.Bindings[:len(m.Bindings):len(m.Bindings)], b)
		}
	}
	return m
}
