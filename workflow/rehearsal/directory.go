package rehearsal

import (
	"context"
	"errors"
	"sync"

	"latchkey/access"
	"latchkey/idp"
)

// errReadsOnly: a rehearsal changes nobody's access.
var errReadsOnly = errors.New("rehearsal: access is only looked at")

// Once reads of a directory who is in which group, each group once, and changes nothing. What a failed look
// came to is kept, too: it isn't asked for everybody again.
func Once(d idp.Directory) idp.Directory {
	return &once{Directory: d, named: answers[idp.Group]{}, groups: answers[idp.Group]{}, members: answers[[]idp.Membership]{}}
}

type once struct {
	idp.Directory

	mu      sync.Mutex
	named   answers[idp.Group]
	groups  answers[idp.Group]
	members answers[[]idp.Membership]
}

// answers are what was asked before.
type answers[T any] map[string]answered[T]

type answered[T any] struct {
	is  T
	err error
}

func (a answers[T]) get(key string, ask func() (T, error)) (T, error) {
	if _, known := a[key]; !known {
		is, err := ask()
		a[key] = answered[T]{is, err}
	}
	return a[key].is, a[key].err
}

// FindGroup implements idp.Directory.
func (o *once) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.named.get(name, func() (idp.Group, error) { return o.Directory.FindGroup(ctx, name) })
}

// Group implements idp.Directory.
func (o *once) Group(ctx context.Context, id string) (idp.Group, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.groups.get(id, func() (idp.Group, error) { return o.Directory.Group(ctx, id) })
}

// Members implements idp.Directory.
func (o *once) Members(ctx context.Context, id string) (idp.Listing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.members.get(id, func() ([]idp.Membership, error) { return idp.Everybody(o.Directory.Members(ctx, id)) })
	if err != nil {
		return idp.Listing{}, err
	}
	return idp.Listing{Count: idp.Counted(len(all)), All: func(yield func(idp.Membership, error) bool) {
		for _, m := range all {
			if !yield(m, nil) {
				return
			}
		}
	}}, nil
}

// Add implements idp.Directory.
func (*once) Add(context.Context, string, string) error { return errReadsOnly }

// Remove implements idp.Directory.
func (*once) Remove(context.Context, string, string) error { return errReadsOnly }

// Unread is a directory that nobody asks: what it would say isn't known.
func Unread(id string) idp.Directory { return unread{id} }

type unread struct{ id string }

func (u unread) failure() error {
	return &access.Failure{Class: access.Transient, Sentence: "Who is in the groups of " + u.id + " can't be read from the store alone: run it where the bot runs"}
}

// ID implements idp.Directory.
func (u unread) ID() string { return u.id }

// FindPerson implements idp.Directory.
func (u unread) FindPerson(context.Context, string) (idp.Person, error) {
	return idp.Person{}, u.failure()
}

// Person implements idp.Directory.
func (u unread) Person(context.Context, string) (idp.Person, error) { return idp.Person{}, u.failure() }

// FindGroup implements idp.Directory.
func (u unread) FindGroup(context.Context, string) (idp.Group, error) {
	return idp.Group{}, u.failure()
}

// Group implements idp.Directory.
func (u unread) Group(context.Context, string) (idp.Group, error) { return idp.Group{}, u.failure() }

// Members implements idp.Directory.
func (u unread) Members(context.Context, string) (idp.Listing, error) {
	return idp.Listing{}, u.failure()
}

// Add implements idp.Directory.
func (unread) Add(context.Context, string, string) error { return errReadsOnly }

// Remove implements idp.Directory.
func (unread) Remove(context.Context, string, string) error { return errReadsOnly }
