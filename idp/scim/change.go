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

// groupLocks let one write of a group go after another: two of ours at a time would only refuse each other.
type groupLocks struct {
	mu   sync.Mutex
	held map[string]chan struct{} // by group; closed when it is free
}

// lock waits until nobody else of ours writes a group.
func (t *groupLocks) lock(ctx context.Context, group string) (unlock func(), err error) {
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

// changes puts accounts into groups and takes them out.
type changes struct {
	*api
	accounts *accounts
	groups   *groups
	locks    groupLocks
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

// add makes an account a member. Servers keep, or drop without a word, members that they don't know; so the account is
// looked at first.
func (c *changes) add(ctx context.Context, groupID, personID string) error {
	u, err := c.accounts.byID(idp.Apart(ctx), personID)
	if err != nil {
		return err
	}
	if u.status(c.cfg.OnHold) == idp.Left {
		return fmt.Errorf("%s: the account %s is deactivated, reactivate it first: %w", c.cfg.ID, personID, idp.ErrRefused)
	}
	err = c.apply(ctx, groupID, fmt.Sprintf("add the account %s to the group %s", personID, groupID), func(resource) *operation {
		return &operation{"add", "members", []member{{personID}}}
	})
	if refusedAs(err, kindUniqueness) || refusedWith(err, http.StatusConflict) {
		return c.alreadySo(ctx, groupID, personID, true, err)
	}
	return err
}

// remove ends a membership.
func (c *changes) remove(ctx context.Context, groupID, personID string) error {
	var before resource
	err := c.apply(ctx, groupID, fmt.Sprintf("remove the account %s from the group %s", personID, groupID), func(g resource) *operation {
		before = g
		return c.removal(g, personID)
	})
	if refusedAs(err, kindNoTarget, kindValue) || refusedWith(err, http.StatusNotFound) {
		return c.alreadySo(ctx, groupID, personID, false, err)
	}
	if err == nil && c.cfg.RemoveByValue {
		return c.onlyOneLeft(ctx, before, personID)
	}
	return err
}

// removal takes one member out of a group; nil if there is nothing to do. A list of nobody whom a server knows may
// mean everybody to it, so by value nobody is removed who isn't shown.
func (c *changes) removal(g resource, personID string) *operation {
	if personID == "" || c.cfg.RemoveByValue && !contains(g, personID) {
		return nil
	}
	return c.taking(personID)
}

// taking is the operation that takes somebody out, in the form that the server is said to know.
func (c *changes) taking(personID string) *operation {
	if c.cfg.RemoveByValue {
		return &operation{"remove", "members", []member{{personID}}}
	}
	return &operation{"remove", "members[value eq " + quote(personID) + "]", nil}
}

// otherForm is what would be written for the other one.
func (c *changes) otherForm() string {
	if c.cfg.RemoveByValue {
		return "by filter"
	}
	return "by value"
}

// changeable reads a group whose members may be changed.
func (c *changes) changeable(ctx context.Context, groupID string) (resource, error) {
	g, err := c.groups.read(ctx, groupID)
	if err != nil {
		return nil, err
	}
	return g, c.groups.mayChange(ctx, g)
}

// alreadySo looks, after a refusal, whether what was wanted is so already.
func (c *changes) alreadySo(ctx context.Context, groupID, personID string, wanted bool, refused error) error {
	g, err := c.groups.read(ctx, groupID)
	switch {
	case err != nil:
		return err
	case contains(g, personID) == wanted:
		return nil
	case errors.Is(refused, idp.ErrNotFound):
		return fmt.Errorf("%s: the SCIM server says that it doesn't know a member whom it shows; it will be tried again", c.cfg.ID)
	}
	return refused
}

// onlyOneLeft looks whether a removal by value took others too, as a server does that reads only the path.
func (c *changes) onlyOneLeft(ctx context.Context, before resource, personID string) error {
	after, err := c.groups.read(ctx, before.id())
	if err != nil {
		return err
	}
	was, _ := membersOf(before)
	if is, _ := membersOf(after); len(is) == 0 && len(was) > 1 {
		return fmt.Errorf("%s: removing the account %s emptied the group %q of %d members: write remove: by filter, and put them back: %w", c.cfg.ID, personID, after.text("displayName"), len(was), idp.ErrRefused)
	}
	return nil
}

// apply carries one operation out on a group, by what is seen of it; nil is nothing to do. If somebody else has changed it meanwhile (412), it is
// read anew, and looked at whether it may still be changed.
func (c *changes) apply(ctx context.Context, groupID, what string, by func(g resource) *operation) error {
	unlock, err := c.locks.lock(ctx, groupID)
	if err != nil {
		return fmt.Errorf("%s: cannot %s: nobody waited any more: %w", c.cfg.ID, what, err)
	}
	defer unlock()
	for range writings {
		g, err := c.changeable(ctx, groupID)
		if err != nil {
			return err
		}
		op := by(g)
		if op == nil {
			return nil
		}
		err = c.do(ctx, call{
			what: what, method: http.MethodPatch, path: groupsPath + "/" + url.PathEscape(groupID), match: g.version(),
			body: map[string]any{"schemas": []string{patchOp}, "Operations": []operation{*op}},
		}, nil)
		if !refusedWith(err, http.StatusPreconditionFailed) {
			return err
		}
	}
	return fmt.Errorf("%s: cannot %s: the group was changed by others each of %d times; it will be tried again", c.cfg.ID, what, writings)
}
