package okta

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

type groupSeen struct {
	group *sdk.Group
	until time.Time
}

// govern says whether Latchkey may change a group's members. Okta refuses it for built-in groups and for
// those that an application masters. For the target of an active group rule it does not refuse, but a
// removal then puts the person on the rule's exclusion list for good, so it is refused here.
func govern(g *sdk.Group, feeding feedingRules) (idp.Group, error) {
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
	governed, err := govern(g, d.rules.whenAsked(ctx))
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

func (a *api) listRules(ctx context.Context) ([]*sdk.GroupRule, error) {
	return list(ctx, a, "list the group rules", func(ctx context.Context, c *sdk.Client) ([]*sdk.GroupRule, *sdk.Response, error) {
		return c.Group.ListGroupRules(ctx, query.NewQueryParams(query.WithLimit(200)))
	})
}
