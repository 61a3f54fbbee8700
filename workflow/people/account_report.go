package people

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
)

// AccountReport is what is known of somebody's accounts, for IT to say whose they are.
type AccountReport struct {
	Who      string          `json:"who"`
	Accounts []KnownAccount  `json:"accounts"`
	Was      []FormerAccount `json:"was,omitempty"`
}

// KnownAccount is an account that is somebody's, or that has their address and may be.
type KnownAccount struct {
	Account   string       `json:"account"` // as in okta:00u1a2b3
	Bound     bool         `json:"bound"`   // false: a directory has it under their address, and it is nobody's
	Shows     access.Email `json:"shows,omitempty"`
	Level     string       `json:"level,omitempty"`
	How       string       `json:"how,omitempty"`
	Since     time.Time    `json:"since,omitzero"`
	Created   time.Time    `json:"created,omitzero"`
	LastLogin time.Time    `json:"last_login,omitzero"`
	Manager   string       `json:"manager,omitempty"`
}

// FormerAccount is one that was theirs, or was taken for it.
type FormerAccount struct {
	Account string    `json:"account"`
	Until   time.Time `json:"until"`
	Denied  bool      `json:"denied,omitempty"` // it was said not to be theirs
}

// AccountReport tells what is known of somebody. Directories are asked now.
func (c Corrections) AccountReport(ctx context.Context, who access.PersonID) (AccountReport, error) {
	k, err := c.known.remembered(ctx, who)
	if err != nil {
		return AccountReport{}, err
	}
	d := AccountReport{Who: k.Contact()}
	for _, b := range k.Bindings {
		switch {
		case b.IsAccount() && b.Live():
			d.Accounts = append(d.Accounts, c.bound(ctx, k.Person, b))
		case b.IsAccount() && k.Account(b.System) != b.ID:
			d.Was = append(d.Was, FormerAccount{written(b.System, b.ID), b.Until, b.Denied})
		}
	}
	for _, dir := range c.known.dirs {
		if k.Account(dir.ID()) != "" {
			continue
		}
		for _, a := range addressesFor(k.Person) {
			found, _, err := c.known.linking.byName(ctx, dir, a)
			if err == nil {
				d.Accounts = append(d.Accounts, KnownAccount{Account: written(dir.ID(), found.ID), Shows: access.NewEmail(found.Login), Created: found.Created, LastLogin: found.LastLogin, Manager: found.ManagerEmail})
				break
			}
		}
	}
	return d, nil
}

// bound is an account that is somebody's, with what its directory shows of it now.
func (c Corrections) bound(ctx context.Context, p access.Person, b access.Binding) KnownAccount {
	out := KnownAccount{Account: written(b.System, b.ID), Bound: true, Shows: p.Shows(b.System), Level: string(b.Level), How: b.How, Since: b.Since}
	d, known := c.known.dirs.Get(b.System)
	if !known {
		return out
	}
	found, err := d.Person(ctx, b.ID)
	if err != nil {
		out.How += fmt.Sprintf(" (%s can't show it now)", b.System)
		return out
	}
	out.Shows, out.Created, out.LastLogin, out.Manager = access.NewEmail(found.Login), found.Created, found.LastLogin, found.ManagerEmail
	return out
}
