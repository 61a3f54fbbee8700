package okta

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// seenFor is how long group types and group rules are taken as known. Types do not change; rules change
// by hand, now and then.
const seenFor = time.Minute

// rulesSeen is which rule feeds each group, by group id.
type rulesSeen struct {
	feeding map[string]string
	until   time.Time
}

type groupSeen struct {
	group *sdk.Group
	until time.Time
}

// govern says whether Latchkey may change a group's members. Okta refuses it for built-in groups and for
// those that an application masters. For the target of an active group rule it does not refuse, but a
// removal then puts the person on the rule's exclusion list for good, so it is refused here.
func (d *Directory) govern(g *sdk.Group, feeding feedingRules) (idp.Group, error) {
	out := idp.Group{ID: g.Id, Name: groupName(g)}
	if g.Profile != nil {
		out.Description = g.Profile.Description
	}
	switch g.Type {
	case "BUILT_IN":
		out.Why = "It is built into Okta: use a group of your own."
	case "APP_GROUP":
		out.Why = "It is mastered by an application such as Active Directory: change its members there, or use an Okta group."
	case "OKTA_GROUP":
		rules, err := feeding()
		if err != nil {
			return idp.Group{}, err
		}
		rule := rules[g.Id]
		if out.Governable = rule == ""; !out.Governable {
			out.Why = fmt.Sprintf("It is fed by the group rule %q: change the rule, or use a group without one.", rule)
		}
	default:
		out.Why = fmt.Sprintf("Its type %q is not known to be safe to change: use an Okta group.", g.Type)
	}
	return out, nil
}

// mayChange is nil if the group's members may be changed.
func (d *Directory) mayChange(ctx context.Context, groupID string) error {
	g, err := d.knownGroup(ctx, groupID)
	if err != nil {
		return err
	}
	governed, err := d.govern(g, d.feedingRules(ctx))
	if err != nil {
		return err
	}
	if !governed.Governable {
		return fmt.Errorf("%s: the group %q is not changed. %s: %w", d.cfg.ID, governed.Name, governed.Why, idp.ErrRefused)
	}
	return nil
}

func (d *Directory) knownGroup(ctx context.Context, id string) (*sdk.Group, error) {
	now := d.cfg.Clock.Now()
	d.mu.Lock()
	seen, known := d.groups[id]
	d.mu.Unlock()
	if known && now.Before(seen.until) {
		return seen.group, nil
	}
	return d.readGroup(ctx, id)
}

// feedingRules names the active rule that fills each group, by the group's id.
type feedingRules func() (map[string]string, error)

// feedingRules are looked up when they are asked for.
func (d *Directory) feedingRules(ctx context.Context) feedingRules {
	return func() (map[string]string, error) { return d.ruleFeeding(ctx) }
}

// rulesBeside begins to look them up: a group is being read whose rule is asked for next.
func (d *Directory) rulesBeside(ctx context.Context) feedingRules {
	type answer struct {
		feeding map[string]string
		err     error
	}
	read := make(chan answer, 1)
	go func() {
		a := answer{err: fmt.Errorf("%s: reading the group rules broke off; it will be tried again", d.cfg.ID)}
		defer func() {
			_ = recover()
			read <- a
		}()
		a.feeding, a.err = d.ruleFeeding(ctx)
	}()
	return sync.OnceValues(func() (map[string]string, error) {
		a := <-read
		return a.feeding, a.err
	})
}

// ruleFeeding names the active rule that fills each group, by the group's id.
func (d *Directory) ruleFeeding(ctx context.Context) (map[string]string, error) {
	now := d.cfg.Clock.Now()
	d.mu.Lock()
	seen := d.rules
	d.mu.Unlock()
	if seen.feeding != nil && now.Before(seen.until) {
		return seen.feeding, nil
	}
	rules, err := d.listRules(ctx)
	if hidden(err) {
		d.cfg.Logger.WarnContext(ctx, "the group rules can't be read", "directory", d.cfg.ID, "error", err)
		err = d.unruled(err)
	}
	if err != nil {
		return nil, err
	}
	seen = rulesSeen{feeding: targets(rules), until: now.Add(seenFor)}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules = seen
	return seen.feeding, nil
}

// unruled is the failure of what needs the rules where they are hidden. A token that may not see them will not see
// them a minute later. That there are none at all is no answer of an org that is well: it is asked again, and whoever
// waits hears of it if it stays so.
func (d *Directory) unruled(err error) error {
	const unknown = "%s: the group rules can't be read, so nobody knows whether one feeds the group; "
	if errors.Is(err, idp.ErrNotFound) {
		return fmt.Errorf(unknown+"Okta did not find them, it will be tried again", d.cfg.ID)
	}
	return fmt.Errorf(unknown+"let the token's owner view group rules: %w", d.cfg.ID, idp.ErrDenied)
}

// hidden tells that an org has no rules to show, or not to this token: the groups themselves may be there.
func hidden(err error) bool {
	var whole badCredentials
	return !errors.As(err, &whole) && (errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrRefused))
}

func (d *Directory) listRules(ctx context.Context) ([]*sdk.GroupRule, error) {
	return list(ctx, d, "list the group rules", func(ctx context.Context, c *sdk.Client) ([]*sdk.GroupRule, *sdk.Response, error) {
		return c.Group.ListGroupRules(ctx, query.NewQueryParams(query.WithLimit(200)))
	})
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
