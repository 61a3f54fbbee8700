package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Holder is the person whose Jira account it is: exactly one, or a refusal. An
// account that is bound is its person's, whatever address it shows. One that hides
// its address can only be known as that of one of the candidates.
func (s *Service) Holder(ctx context.Context, a access.Account, candidates ...access.PersonID) (access.Person, error) {
	if a.ID == "" || a.ID == lost || !a.Active {
		return access.Person{}, access.Refuse(access.NotAllowed, "", Called(a)+" has no active account in Jira.")
	}
	known, err := s.bearer(ctx, access.SystemJira, a.ID)
	if err != nil {
		return access.Person{}, err
	}
	if known != nil {
		s.compare(ctx, *known, a)
		return s.Person(ctx, known.ID)
	}
	p, b, err := s.firstHolder(ctx, a, candidates)
	if err != nil {
		return access.Person{}, err
	}
	b.System, b.ID, b.Since = access.SystemJira, a.ID, s.units.Now()
	return p, s.bind(ctx, p.ID, b)
}

// lost is what Jira shows in place of accounts that it has lost.
const lost = "unknown"

// compare notes that a Jira account shows somebody else's address. It goes on being
// that of whom it is bound to.
func (s *identities) compare(ctx context.Context, p access.Person, a access.Account) {
	if a.Email == "" || p.Holds(a.Email) {
		return
	}
	err := s.units.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAddress(tx, a.Email)
		if err == nil && k.ID != p.ID {
			s.log.Warn("an account in Jira shows somebody else's address", "account", a.ID, "person", p.ID, "address_of", k.ID)
		}
		return nil
	})
	if err != nil {
		s.log.Warn("who has the address of an account in Jira can't be read", "error", err)
	}
}

// firstHolder finds out whose an account is that is bound to nobody, and how.
func (s *Service) firstHolder(ctx context.Context, a access.Account, candidates []access.PersonID) (access.Person, access.Binding, error) {
	if a.Email != "" {
		p, err := s.ByAddress(ctx, a.Email)
		return p, access.Binding{Level: access.AssuranceShown, How: "Jira shows the account's e-mail"}, err
	}
	p, err := s.amongThem(ctx, a, candidates)
	if err == nil && p.ID == "" {
		err = access.Refuse(access.Unknown, "", fmt.Sprintf("Jira doesn't show whose account %s is, because it hides the e-mail address.", Called(a)))
	}
	return p, access.Binding{Level: access.AssuranceClaim, How: "Jira finds exactly this account for the e-mail"}, err
}

// amongThem finds the candidate whose account it is; nobody if it is none's.
func (s *Service) amongThem(ctx context.Context, a access.Account, candidates []access.PersonID) (access.Person, error) {
	if s.accounts == nil {
		return access.Person{}, nil
	}
	for _, c := range candidates {
		p, err := s.Person(ctx, c)
		if err != nil {
			continue // whoever can't be looked up can't be recognised either
		}
		id, err := s.accounts.Account(ctx, p)
		if err != nil {
			return access.Person{}, err
		}
		if id == a.ID {
			return p, nil
		}
	}
	return access.Person{}, nil
}

// Called is what to call the owner of an account in Jira.
func Called(a access.Account) string {
	if a.Name != "" {
		return a.Name
	}
	return "Somebody"
}

// bind remembers an account of a person. One that is somebody else's, or a second
// one in the same system, is refused.
func (s *identities) bind(ctx context.Context, who access.PersonID, b access.Binding) error {
	err := s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil {
			return err
		}
		holder, err := store.HoldingsOf(u.Tx).AccountHolder(b.System, b.ID)
		if err != nil {
			return err
		}
		if k.Person, err = k.Bind(b, holder); err != nil {
			return err
		}
		return store.PutPerson(u.Tx, &k)
	})
	if err != nil {
		return err
	}
	s.cache.change(who, func(p *access.Person) {
		if bound, err := p.Bind(b, ""); err == nil {
			*p = bound
		}
	})
	return nil
}
