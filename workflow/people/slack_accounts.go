package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// behind are the people behind accounts in Slack that something names; only those who are
// known, if nobody is to be met.
func (q lists) behind(ctx context.Context, accounts []string, in string, known bool) (n named, err error) {
	bound := make([]access.PersonID, len(accounts))
	err = q.s.units.View(ctx, func(tx store.Tx) error {
		for i, account := range accounts {
			k, err := store.PersonByAccount(tx, access.SystemSlack, account)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			bound[i] = k.ID
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	if !known {
		if err := q.meetInSlack(ctx, accounts, bound); err != nil {
			return n, err
		}
	}
	for _, who := range bound {
		if who == "" {
			n.unfound = append(n.unfound, "an account in "+in+" is nobody's who may act")
			continue
		}
		n.who = append(n.who, who)
	}
	return n, nil
}

// meetInSlack finds out whose the accounts are that are bound to nobody.
func (q lists) meetInSlack(ctx context.Context, accounts []string, bound []access.PersonID) error {
	if bulk, able := q.s.roster.(BulkRoster); able {
		var fresh []string
		for i, account := range accounts {
			if bound[i] == "" {
				fresh = append(fresh, account)
			}
		}
		if err := bulk.Gather(ctx, fresh, nil); err != nil {
			return err
		}
	}
	errs := make([]error, len(accounts))
	sideBySide(len(accounts), func(i int) {
		if bound[i] != "" {
			return
		}
		p, err := q.s.inSlackAs(ctx, accounts[i])
		bound[i], errs[i] = p.ID, Softly(err)
	})
	return errors.Join(errs...)
}
