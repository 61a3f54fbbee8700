package people

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// proposedFor is how long a second person has to confirm what IT says of somebody, and
// how long it counts after that.
const proposedFor = catalog.Day

// Seconded refuses what IT says of somebody whom the configuration gives power over
// others' access, until a second person of IT has confirmed it: whoever is taken for them
// decides as they do. One call to the desk, and one person who believes it, is not enough
// for that. says names the change; the same is asked about once.
func (c Corrections) Seconded(ctx context.Context, says string, by access.Actor, about ...access.PersonID) error {
	var refused error
	err := c.known.units.Update(ctx, func(u *engine.Unit) error {
		refused = nil
		k, err := c.powerful(u.Tx, about)
		if err != nil || k.ID == "" {
			return err
		}
		p, err := store.ProposalOf(u.Tx, k.ID, says)
		switch old := err == nil && u.At.Sub(p.At) >= proposedFor; {
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		case err == nil && !old && p.Confirmed != (access.Actor{}):
			return nil
		case err == nil && !old:
			refused = c.waits(k.Person, p)
			return nil
		case old:
			if err := store.DropProposal(u.Tx, p.ID); err != nil {
				return err
			}
		}
		p = store.Proposal{ID: rand.Text()[:8], Person: k.ID, Says: says, By: by, At: u.At}
		refused = c.waits(k.Person, p)
		return c.propose(u, k.Person, p)
	})
	return errors.Join(err, refused)
}

// powerful is the first of some people whom the configuration names to decide on others'
// access, or to dispose of it; nobody, if it names none of them.
func (c Corrections) powerful(tx store.Tx, some []access.PersonID) (store.Known, error) {
	for _, who := range some {
		k, err := store.Person(tx, who)
		if err != nil {
			return store.Known{}, err
		}
		if slices.ContainsFunc(c.known.powerful(), func(a access.Email) bool { return k.MeantBy(a) || k.Holds(a) }) {
			return k, nil
		}
	}
	return store.Known{}, nil
}

func (c Corrections) waits(who access.Person, p store.Proposal) error {
	return access.Refuse(access.NotAllowed, "person", fmt.Sprintf(
		"Nothing is changed yet: %s decides on others' access, so somebody else of IT has to type %s confirm %s in Slack within a day. Then run this once more.", who.Contact(), c.command, p.ID))
}

// propose tells IT and whom it is about.
func (c Corrections) propose(u *engine.Unit, who access.Person, p store.Proposal) error {
	if err := store.PutProposal(u.Tx, &p); err != nil {
		return err
	}
	speaker, err := actorIn(u, p.By)
	if err != nil {
		return err
	}
	if err := c.known.notifier.person(u, who.ID, "proposed/"+p.ID, "IT is about to say something of your accounts",
		fmt.Sprintf("%s says: %s. It counts once somebody else of IT has confirmed it.", speaker, p.Says), "If that is wrong, tell IT at once."); err != nil {
		return err
	}
	return c.known.notifier.it(u, notice{"proposal/" + p.ID, "A second person of IT is needed", []string{
		fmt.Sprintf("%s says of %s, who decides on others' access: %s.", speaker, who.Contact(), p.Says),
		fmt.Sprintf("Nothing is changed yet. Ask them, in a way that you know, and look with latchkey people show %s. If it is true, type %s confirm %s within a day; if not, do nothing and find out who said it.", who.Contact(), c.command, p.ID),
	}})
}

// Confirm takes the word of a second person of IT for what another one says of somebody.
// It tells what that is.
func (s *Service) Confirm(ctx context.Context, id string, by access.Actor) (says string, err error) {
	caller, err := s.CallerNow(ctx, by)
	if err == nil {
		err = s.May(caller, ActConfirm, Matter{})
	}
	if err != nil {
		return "", err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		p, err := store.LoadProposal(u.Tx, strings.ToUpper(id))
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && u.At.Sub(p.At) >= proposedFor:
			return access.Refuse(access.Unknown, "", "Nothing waits for a confirmation by that name. Look for it in the IT channel.")
		case err != nil:
			return err
		case by.Person == "" || by.Person == p.Person || by.Person == p.By.Person:
			return access.Refuse(access.NotAllowed, "", "Somebody else of IT has to confirm this: it is about you, or you said it.")
		}
		says, p.Confirmed = p.Says, by
		if err := store.PutProposal(u.Tx, &p); err != nil {
			return err
		}
		name, err := actorIn(u, by)
		if err != nil {
			return err
		}
		return s.Corrections().said(u, access.EventVouched, p.Person, by, fmt.Sprintf("%s confirms: %s.", name, p.Says), "It counts as soon as whoever said it first does so once more.")
	})
	return says, err
}
