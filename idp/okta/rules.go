package okta

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
)

// seenFor is how long group types and group rules are taken as known. Types do not change; rules change
// by hand, now and then.
const seenFor = time.Minute

// groupRules are the org's rules by which groups are fed, as they were read last. They are safe for concurrent use.
type groupRules struct {
	api *api

	mu      sync.Mutex
	feeding map[string]string // which rule feeds each group, by the group's id; nil: not read yet
	until   time.Time
}

// feedingRules names the active rule that fills each group, by the group's id.
type feedingRules func() (map[string]string, error)

// whenAsked looks them up when they are asked for.
func (r *groupRules) whenAsked(ctx context.Context) feedingRules {
	return func() (map[string]string, error) { return r.read(ctx) }
}

// beside begins to look them up: a group is being read whose rule is asked for next.
func (r *groupRules) beside(ctx context.Context) feedingRules {
	type answer struct {
		feeding map[string]string
		err     error
	}
	read := make(chan answer, 1)
	go func() {
		a := answer{err: fmt.Errorf("%s: reading the group rules broke off; it will be tried again", r.api.cfg.ID)}
		defer func() {
			_ = recover()
			read <- a
		}()
		a.feeding, a.err = r.read(ctx)
	}()
	return sync.OnceValues(func() (map[string]string, error) {
		a := <-read
		return a.feeding, a.err
	})
}

// read names the active rule that fills each group, by the group's id.
func (r *groupRules) read(ctx context.Context) (map[string]string, error) {
	now := r.api.cfg.Clock.Now()
	r.mu.Lock()
	feeding, until := r.feeding, r.until
	r.mu.Unlock()
	if feeding != nil && now.Before(until) {
		return feeding, nil
	}
	rules, err := r.api.listRules(ctx)
	if hidden(err) {
		r.api.cfg.Logger.WarnContext(ctx, "the group rules can't be read", "directory", r.api.cfg.ID, "error", err)
		err = unruled(r.api.cfg.ID, err)
	}
	if err != nil {
		return nil, err
	}
	feeding = targets(rules)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.feeding, r.until = feeding, now.Add(seenFor)
	return feeding, nil
}

// unruled is the failure of what needs the rules where they are hidden. A token that may not see them will not see
// them a minute later. That there are none at all is no answer of an org that is well: it is asked again, and whoever
// waits hears of it if it stays so.
func unruled(directory string, err error) error {
	const unknown = "%s: the group rules can't be read, so nobody knows whether one feeds the group; "
	if errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf(unknown+"Okta did not find them, it will be tried again", directory)
	}
	if plan := (notLicensed{}); errors.As(err, &plan) {
		return fmt.Errorf(unknown+"%w", directory, plan)
	}
	return fmt.Errorf(unknown+"let the token's owner view group rules: %w", directory, idp.ErrDenied)
}

// hidden tells that an org has no rules to show, or not to this token: the groups themselves may be there.
func hidden(err error) bool {
	var whole badCredentials
	return !errors.As(err, &whole) && (errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrRefused))
}

func targets(rules []*sdk.GroupRule) map[string]string {
	feeding := map[string]string{}
	for _, r := range rules {
		if r.Status != "ACTIVE" || r.Actions == nil || r.Actions.AssignUserToGroups == nil {
			continue
		}
		for _, id := range r.Actions.AssignUserToGroups.GroupIds {
			feeding[id] = r.Name
		}
	}
	return feeding
}
