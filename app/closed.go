package app

import (
	"context"
	"fmt"

	"latchkey/idp"
)

// closed is a directory that can't be opened as it is configured. What is in it
// waits; the others go on.
type closed struct {
	id  string
	err error
}

// refuse is every answer of it.
func (c closed) refuse() error {
	return fmt.Errorf("%s can't be opened, correct its settings under idp: %w (%w)", c.id, idp.ErrDenied, c.err)
}

// ID implements idp.Directory, as do the others.
func (c closed) ID() string { return c.id }

func (c closed) FindPerson(context.Context, string) (idp.Person, error) {
	return idp.Person{}, c.refuse()
}
func (c closed) Person(context.Context, string) (idp.Person, error)   { return idp.Person{}, c.refuse() }
func (c closed) FindGroup(context.Context, string) (idp.Group, error) { return idp.Group{}, c.refuse() }
func (c closed) Group(context.Context, string) (idp.Group, error)     { return idp.Group{}, c.refuse() }
func (c closed) Members(context.Context, string) (idp.Listing, error) {
	return idp.Listing{}, c.refuse()
}
func (c closed) Add(context.Context, string, string) error    { return c.refuse() }
func (c closed) Remove(context.Context, string, string) error { return c.refuse() }

// Probe implements idp.Prober.
func (c closed) Probe(context.Context) ([]idp.Finding, error) {
	return []idp.Finding{{Check: "settings", Detail: c.refuse().Error()}}, nil
}
