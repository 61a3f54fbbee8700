package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// Holder is the person whose Jira account it is: exactly one, or a refusal. An
// account that hides its address can only be known from an earlier binding or as
// that of one of the candidates.
func (s *Service) Holder(ctx context.Context, a access.Account, candidates ...access.PersonID) (access.Person, error) {
	who, how, err := s.holderOf(ctx, a, candidates)
	if err != nil {
		return access.Person{}, err
	}
	l := s.memory.begin()
	p, err := s.Person(ctx, who)
	if err != nil {
		return p, err
	}
	return s.bind(ctx, p, access.Binding{System: string(access.ViaJira), ID: a.ID, How: how, At: s.units.Now()}, l)
}

func (s *Service) holderOf(ctx context.Context, a access.Account, candidates []access.PersonID) (who access.PersonID, how string, err error) {
	switch {
	case a.ID == "" || !a.Active:
		return "", "", access.Refuse(access.NotAllowed, "", Called(a)+" has no active account in Jira.")
	case a.Email != "":
		return IDOf(a.Email), "Jira shows the account's e-mail", nil
	}
	known, ok, err := s.boundTo(ctx, string(access.ViaJira), a.ID)
	if err != nil || ok {
		return known, "known before", err
	}
	who, err = s.amongThem(ctx, a, candidates)
	if err != nil || who != "" {
		return who, "Jira finds exactly this account for the e-mail", err
	}
	return "", "", access.Refuse(access.Unknown, "", fmt.Sprintf("Jira doesn't show whose account %s is, because it hides the e-mail address.", Called(a)))
}

// amongThem finds the candidate whose account it is; "" if it is none's.
func (s *Service) amongThem(ctx context.Context, a access.Account, candidates []access.PersonID) (access.PersonID, error) {
	if s.accounts == nil {
		return "", nil
	}
	for _, c := range candidates {
		p, err := s.Person(ctx, c)
		if err != nil {
			continue // whoever can't be looked up can't be recognised either
		}
		id, err := s.accounts.Account(ctx, p)
		if err != nil {
			return "", err
		}
		if id == a.ID {
			return c, nil
		}
	}
	return "", nil
}

// Whose is the person who is bound to an account of a system; whoever has the
// address, if nobody is.
func (s *Service) Whose(ctx context.Context, system, id string, address access.Email) (access.PersonID, error) {
	who, ok, err := s.boundTo(ctx, system, id)
	if err != nil || ok {
		return who, err
	}
	return IDOf(address), nil
}

func (s *Service) boundTo(ctx context.Context, system, id string) (who access.PersonID, ok bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAccount(tx, system, id)
		who, ok = k.ID, err == nil
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", false, nil
	}
	return who, ok, err
}

// Called is what to call the owner of an account in Jira.
func Called(a access.Account) string {
	if a.Name != "" {
		return a.Name
	}
	return "Somebody"
}

// bind remembers an account of a person.
func (s *Service) bind(ctx context.Context, who access.Person, b access.Binding, l look) (access.Person, error) {
	if who.Account(b.System) == b.ID {
		return who, nil
	}
	who.Bindings = append(without(who.Bindings, b.System), b)
	s.memory.bind(who.ID, b)
	return who, s.remember(ctx, who, l)
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
