package reading

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// gathered takes the members of a group.
type gathered struct {
	*pass
	ctx     context.Context // of the reading, for as long as that lasts
	of      string          // the directory
	members []idp.Membership
}

// extract reads who is in a group, with what proves that nobody is missing.
func (p *pass) extract(ctx context.Context, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error) {
	all := &gathered{pass: p, ctx: ctx, of: d.ID()}
	proof, err := p.Populations.Extract(ctx, d, g, all)
	return all.members, proof, err
}

// Begin implements Members.
func (g *gathered) Begin() error {
	g.members = g.members[:0]
	return nil
}

// Add implements Members. Whose an account is that was never seen before, nobody knows yet.
func (g *gathered) Add(m idp.Membership) (who access.PersonID, err error) {
	g.members = append(g.members, m)
	if a := g.accounts[[2]string{g.of, m.PersonID}]; a != nil {
		return a.who, nil
	}
	err = g.Units.View(g.ctx, func(tx store.Tx) error {
		k, err := store.PersonByAccount(tx, g.of, m.PersonID)
		who = k.ID
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return who, err
}
