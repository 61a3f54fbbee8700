package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"latchkey/idp"
)

// writings is how often a change is tried of a group that others change at the same time.
const writings = 5

// turns let one write of a group go after another: two of ours at a time would only refuse each other.
type turns struct {
	mu   sync.Mutex
	held map[string]chan struct{} // by group; closed when it is free
}

// take waits for a group's turn. The caller gives it back.
func (t *turns) take(ctx context.Context, group string) (back func(), err error) {
	for {
		t.mu.Lock()
		busy, taken := t.held[group]
		if !taken {
			mine := make(chan struct{})
			if t.held == nil {
				t.held = map[string]chan struct{}{}
			}
			t.held[group] = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				defer t.mu.Unlock()
				delete(t.held, group)
				close(mine)
			}, nil
		}
		t.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// operation is one change of a resource (RFC 7644, 3.5.2).
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// member is a value of "members".
type member struct {
	Value string `json:"value"`
}

// Add implements idp.Directory. Servers keep, or drop without a word, members that they don't know; so the account is
// looked at first.
func (d *Directory) Add(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Addition)
	if _, err := d.changeable(ctx, groupID); err != nil {
		return err
	}
	u, err := d.byID(idp.Apart(ctx), personID)
	if err != nil {
		return err
	}
	if u.status(d.cfg.OnHold) == idp.Left {
		return fmt.Errorf("%s: the account %s is deactivated, reactivate it first: %w", d.cfg.ID, personID, idp.ErrRefused)
	}
	err = d.change(ctx, groupID, fmt.Sprintf("add the account %s to the group %s", personID, groupID), operation{"add", "members", []member{{personID}}})
	if refusedAs(err, kindUniqueness) || refusedWith(err, http.StatusConflict) {
		return d.settled(ctx, groupID, personID, true, err)
	}
	return err
}

// Remove implements idp.Directory.
func (d *Directory) Remove(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Removal)
	before, err := d.changeable(ctx, groupID)
	if err != nil || personID == "" { // nobody is not a member
		return err
	}
	op := operation{"remove", "members[value eq " + quote(personID) + "]", nil}
	if d.cfg.RemoveByValue {
		if !contains(before, personID) { // a list of nobody that this server knows may mean everybody to it
			return nil
		}
		op = operation{"remove", "members", []member{{personID}}}
	}
	err = d.change(ctx, groupID, fmt.Sprintf("remove the account %s from the group %s", personID, groupID), op)
	if gone(err) || refusedAs(err, kindNoTarget, kindValue) {
		return d.settled(ctx, groupID, personID, false, err)
	}
	if err == nil && d.cfg.RemoveByValue {
		return d.onlyOneLeft(ctx, before, personID)
	}
	return err
}

// changeable reads a group whose members may be changed.
func (d *Directory) changeable(ctx context.Context, groupID string) (resource, error) {
	g, err := d.readGroup(ctx, groupID)
	if err != nil {
		return nil, err
	}
	return g, d.mayChange(ctx, g)
}

// settled looks, after a refusal, whether what was wanted is so already.
func (d *Directory) settled(ctx context.Context, groupID, personID string, wanted bool, refused error) error {
	g, err := d.readGroup(ctx, groupID)
	switch {
	case err != nil:
		return err
	case contains(g, personID) == wanted:
		return nil
	case errors.Is(refused, idp.ErrNotFound):
		return fmt.Errorf("%s: the SCIM server says that it doesn't know a member whom it shows; it will be tried again", d.cfg.ID)
	}
	return refused
}

// onlyOneLeft looks whether a removal by value took others too, as a server does that reads only the path.
func (d *Directory) onlyOneLeft(ctx context.Context, before resource, personID string) error {
	after, err := d.readGroup(ctx, before.id())
	if err != nil {
		return err
	}
	was, _ := membersOf(before)
	if is, _ := membersOf(after); len(is) == 0 && len(was) > 1 {
		return fmt.Errorf("%s: removing the account %s emptied the group %q of %d members: write remove: by filter, and put them back: %w", d.cfg.ID, personID, after.text("displayName"), len(was), idp.ErrRefused)
	}
	return nil
}

// change carries one operation out on a group as it is known. If somebody else has changed it meanwhile (412), it is
// read anew, and looked at whether it may still be changed.
func (d *Directory) change(ctx context.Context, groupID, what string, op operation) error {
	back, err := d.turns.take(ctx, groupID)
	if err != nil {
		return fmt.Errorf("%s: cannot %s: nobody waited any more: %w", d.cfg.ID, what, err)
	}
	defer back()
	for range writings {
		g, err := d.changeable(ctx, groupID)
		if err != nil {
			return err
		}
		err = d.do(ctx, call{
			what: what, method: http.MethodPatch, path: groups + "/" + url.PathEscape(groupID), match: g.version(),
			body: map[string]any{"schemas": []string{patchOp}, "Operations": []operation{op}},
		}, &resource{})
		if !refusedWith(err, http.StatusPreconditionFailed) {
			return err
		}
	}
	return fmt.Errorf("%s: cannot %s: the group was changed by others each of %d times; it will be tried again", d.cfg.ID, what, writings)
}
