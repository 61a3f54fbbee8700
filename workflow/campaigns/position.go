package campaigns

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Seen takes in how an account is that a directory's log has named: whoever is in another department now, or reports to
// somebody else, is an occasion. What the directory doesn't show is no change.
func (s *Service) Seen(ctx context.Context, directory string, a idp.Person, who access.PersonID) error {
	_, moves := s.onOccasion(access.OnMoved)
	_, managed := s.onOccasion(access.OnNewManager)
	if who == "" || a.Status != idp.Active || !moves && !managed {
		return nil
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		p, err := people.In(u.Tx, who)
		if err != nil || !s.speaks(p, directory) {
			return err
		}
		moved, other, err := changed(u, directory, a, p)
		if err != nil {
			return err
		}
		if other {
			if err := s.askAnew(u, who); err != nil {
				return err
			}
		}
		switch {
		case moved && moves:
			return s.OccasionIn(u, who, access.OnMoved)
		case other && managed:
			return s.OccasionIn(u, who, access.OnNewManager)
		}
		return nil
	})
}

// speaks tells whether a directory is the one that says who somebody is: the first in which they have an account.
func (s *Service) speaks(p access.Person, directory string) bool {
	for _, d := range s.dirs {
		if p.Account(d.ID()) != "" {
			return d.ID() == directory
		}
	}
	return false
}

// position is where somebody stood when they were last seen, by fingerprints: what it says of them isn't kept.
type position struct{ department, manager string }

// positionMark begins the id under which a position is kept.
const positionMark = "review.position/"

// lookedUp is how long before a log tells of a move whoever moved may have been looked up for another reason.
const lookedUp = 24 * time.Hour

// changed compares an account with how it was last seen, and remembers how it is. Of whom that isn't known, what Latchkey remembers of
// the person counts, as it was before anybody looked them up who came before the log.
func changed(u *engine.Unit, directory string, a idp.Person, p access.Person) (moved, managed bool, err error) {
	id := positionMark + directory + "/" + a.ID
	m, err := store.LoadMark(u.Tx, id)
	first := errors.Is(err, store.ErrNotFound)
	if err != nil && !first {
		return false, false, err
	}
	was, is := positionOf(m.After), position{fingerprint(a.Department), fingerprint(a.ManagerID)}
	if first {
		stood := p.StoodAt(u.At.Add(-lookedUp))
		was = position{department: fingerprint(stood.Department)}
		if was.manager, err = managerThen(u, directory, stood.Manager); err != nil {
			return false, false, err
		}
	}
	moved = was.department != "" && is.department != "" && was.department != is.department
	managed = was.manager != "" && is.manager != "" && was.manager != is.manager
	if is.department == "" {
		is.department = was.department
	}
	if is.manager == "" {
		is.manager = was.manager
	}
	if !first && is == was {
		return false, false, nil
	}
	m.ID, m.At, m.After = id, u.At, is.department+" "+is.manager
	return moved, managed, store.PutMark(u.Tx, &m)
}

// managerThen is a manager as Latchkey remembers them, by the account in a directory; "" for nobody.
func managerThen(u *engine.Unit, directory string, who access.PersonID) (string, error) {
	if who == "" {
		return "", nil
	}
	m, err := people.In(u.Tx, who)
	return fingerprint(m.Account(directory)), err
}

func positionOf(text string) position {
	department, manager, _ := strings.Cut(text, " ")
	return position{department, manager}
}

// fingerprint stands for a text, in any letter case; "" for none.
func fingerprint(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(catalog.Fold(text)))
	return fmt.Sprintf("%x", sum[:12])
}
