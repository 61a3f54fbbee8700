package entra

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"latchkey/idp"
)

// innerOf begins to look for a group that is in another one; its name is the result, "" if there is none. That is asked
// of an index, which may trail: whoever lists the members sees it too.
func (d *groups) innerOf(ctx context.Context, id string) func() (string, error) {
	type answer struct {
		name string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		got := answer{err: errors.New("the read broke off; it will be tried again")}
		defer func() {
			_ = recover() // whoever waits is told that it broke off
			read <- got
		}()
		got.name, got.err = d.inner(ctx, id)
	}()
	return sync.OnceValues(func() (string, error) {
		got := <-read
		return got.name, got.err
	})
}

// inner is the name of a group in a group; "" if there is none. A first page may be empty and not the last.
func (d *groups) inner(ctx context.Context, id string) (string, error) {
	return idp.Once(ctx, d.cfg.ID+"/groups/"+id+"/inner", func() (string, error) {
		p := newPager[group](d.api, "look for groups in group "+id, exchange{
			path: "/groups/" + id + "/members/microsoft.graph.group", query: options("$select", "id,displayName", "$top", "1", "$count", "true"), eventual: true,
		})
		for p.more() {
			got, err := p.next(ctx)
			if err != nil {
				return "", err
			}
			for _, g := range got.Value {
				return firstOf(g.Name, g.ID), nil
			}
		}
		return "", nil
	})
}

// unlessNested has a group not be governable that has groups in it: who is in those is in it too, and nobody who looks
// at its members sees them.
func (d *groups) unlessNested(_ context.Context, g idp.Group, inner func() (string, error)) (idp.Group, error) {
	name, err := inner()
	switch {
	case errors.Is(err, idp.ErrNotFound): // the index doesn't know the group yet: then it knows of none in it
		return g, nil
	case err != nil:
		return idp.Group{}, err
	case name != "" && g.Governable:
		g.Governable, g.Why = false, nestedWhy(name)
	}
	return g, nil
}

func nestedWhy(inner string) string {
	return fmt.Sprintf("The group %q is in it, so it holds people that its own list doesn't show: take that group out, or use another one.", inner)
}
