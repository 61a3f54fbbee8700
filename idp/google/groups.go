package google

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	admin "google.golang.org/api/admin/directory/v1"
	cloudidentity "google.golang.org/api/cloudidentity/v1"

	"latchkey/idp"
)

const (
	groupPage = 200 // the most groups, and the most members, that a page holds
	cloudPage = 500 // of groups with their labels
	// seenFor is how long what fills a group is taken as known before a change.
	seenFor = time.Minute

	labelDynamic = "cloudidentity.googleapis.com/groups.dynamic"
	labelLocked  = "cloudidentity.googleapis.com/groups.locked"
)

// groups are a customer's, with what was seen of them lately.
type groups struct {
	*api
	people *accounts

	mu    sync.Mutex
	known map[string]standing // guarded by mu
}

// standing is what is known of a group.
type standing struct {
	group  idp.Group // as it was read
	until  time.Time // when that is to be read anew; zero: it wasn't read
	inside string    // what is in it beside people, in words; "" for nothing
	looked time.Time // until when inside is taken as known; zero: nobody looked

	members int       // that Google counted in it last
	counted time.Time // until when that is taken for what it counts; zero: it didn't say
}

// FindGroup implements idp.Directory: by its name, or by its address, which in Google is what is unique. The search does
// not mind letter case, so what it answers is looked at.
func (d *groups) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	found, err := d.named(ctx, name)
	if err != nil {
		return idp.Group{}, err
	}
	switch len(found) {
	case 0:
		return idp.Group{}, fmt.Errorf("%s: there is no group %q, create it in Google or correct the catalogue; a group may also be named by its address, or by its id as in %s:id:ID: %w", d.cfg.ID, name, d.cfg.ID, idp.ErrNotFound)
	case 1:
		return d.govern(ctx, found[0])
	}
	return idp.Group{}, fmt.Errorf("%s: %d groups are named %q, use the address or the id of the right one, as in %s:id:%s: %w", d.cfg.ID, len(found), name, d.cfg.ID, found[0].Id, idp.ErrAmbiguous)
}

func (d *groups) named(ctx context.Context, name string) (found []*admin.Group, err error) {
	if name == "" {
		return nil, nil
	}
	if strings.Contains(name, "@") {
		g, err := d.byGroupKey(ctx, name)
		switch {
		case err == nil && idp.SameAddress(g.Email, name):
			return []*admin.Group{g}, nil
		case err != nil && !errors.Is(err, idp.ErrNotFound) && (!errors.Is(err, idp.ErrDenied) || badCredentials(err)):
			return nil, err
		}
	}
	list, err := all(d.list(ctx, "name="+quote(name)))
	return slices.DeleteFunc(list, func(g *admin.Group) bool { return g.Name != name || g.Id == "" }), err
}

// list goes through the groups that a query fits; all of them if it is empty.
func (d *groups) list(ctx context.Context, query string) iter.Seq2[*admin.Group, error] {
	return pages(func(token string) (some []*admin.Group, next string, err error) {
		err = d.call(ctx, admin.AdminDirectoryGroupReadonlyScope, "search for groups", func(ctx context.Context) error {
			c := d.admin.Groups.List().Customer(myCustomer).MaxResults(groupPage).Context(ctx)
			if query != "" {
				c = c.Query(query)
			}
			if token != "" {
				c = c.PageToken(token)
			}
			page, err := c.Do()
			if err == nil {
				some, next = page.Groups, page.NextPageToken
			}
			return err
		})
		return some, next, err
	})
}

// Group implements idp.Directory.
func (d *groups) Group(ctx context.Context, id string) (idp.Group, error) {
	g, err := d.readGroup(ctx, id)
	if err != nil {
		return idp.Group{}, err
	}
	return d.govern(ctx, g)
}

func (d *groups) byGroupKey(ctx context.Context, key string) (*admin.Group, error) {
	return idp.Once(ctx, d.cfg.ID+"/groups/"+key, func() (group *admin.Group, err error) {
		err = d.call(ctx, admin.AdminDirectoryGroupReadonlyScope, "read group "+key, func(ctx context.Context) error {
			group, err = d.admin.Groups.Get(key).Context(ctx).Do()
			return err
		})
		return group, err
	})
}

// readGroup reads the group with an id. An address is none, though Google takes it for a key.
func (d *groups) readGroup(ctx context.Context, id string) (*admin.Group, error) {
	if id == "" || strings.Contains(id, "@") {
		return nil, d.noGroup(id)
	}
	g, err := d.byGroupKey(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case g.Id != id:
		return nil, answeredOther(d.cfg.ID, "group", id, g.Id)
	}
	return g, nil
}

func (d *groups) noGroup(id string) error {
	return fmt.Errorf("%s: no group has the id %q, look it up by name or address first: %w", d.cfg.ID, id, idp.ErrNotFound)
}

// govern says whether Latchkey may change who is in a group: not if a query or another system fills it, and not if there
// are others in it than people.
func (d *groups) govern(ctx context.Context, g *admin.Group) (idp.Group, error) {
	labels, err := d.labels(ctx, g.Id)
	if err != nil {
		return idp.Group{}, err
	}
	out := idp.Group{ID: g.Id, Name: g.Name, Description: g.Description}
	if out.Why = byLabels(labels); out.Why == "" {
		if out.Why, err = d.inside(ctx, g.Id); err != nil {
			return idp.Group{}, err
		}
	}
	out.Governable = out.Why == ""
	now := d.cfg.Clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.known[g.Id]
	s.group, s.until = out, now.Add(seenFor)
	if g.DirectMembersCount > 0 { // of one that isn't said the library makes 0
		s.members, s.counted = int(g.DirectMembersCount), s.until
	}
	d.known[g.Id] = s
	return out, nil
}

// byLabels is why a group with these labels is not Latchkey's to change.
func byLabels(labels map[string]string) string {
	if _, dynamic := labels[labelDynamic]; dynamic {
		return "Google fills it by a query (a dynamic group): change the query, or use a group of its own for the role."
	}
	if _, locked := labels[labelLocked]; locked {
		return "It is locked, because another system fills it: change it there, or use a group that is made in Google for the role."
	}
	return ""
}

// labels are what Cloud Identity says a group is; the Directory API says nothing of it.
func (d *groups) labels(ctx context.Context, id string) (map[string]string, error) {
	var group *cloudidentity.Group
	err := d.call(ctx, cloudidentity.CloudIdentityGroupsReadonlyScope, "see what fills group "+id+" (this needs the Cloud Identity API in the service account's project)", func(ctx context.Context) (err error) {
		group, err = d.cloud.Groups.Get("groups/" + id).Context(ctx).Do()
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case group.Name != "groups/"+id:
		return nil, answeredOther(d.cfg.ID, "group", id, group.Name)
	}
	return group.Labels, nil
}

// inside is what is in a group beside people, as was seen lately, or is seen now.
func (d *groups) inside(ctx context.Context, id string) (string, error) {
	now := d.cfg.Clock.Now()
	d.mu.Lock()
	s := d.known[id]
	d.mu.Unlock()
	if s.looked.After(now) {
		return s.inside, nil
	}
	members, err := all(d.memberList(idp.NewReading(service, d.cfg.Clock), id).through(ctx))
	if err != nil {
		return "", err
	}
	return d.note(id, members, now), nil
}

// note remembers what is in a group beside people.
func (d *groups) note(id string, members []*admin.Member, now time.Time) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.known[id]
	s.inside, s.looked = others(members), now.Add(seenFor)
	d.known[id] = s
	return s.inside
}

// others says what of a group's members is not people.
func others(members []*admin.Member) string {
	for _, m := range members {
		switch m.Type {
		case typeCustomer:
			return "Everybody in the organisation is a member of it: take that out, or use a group of its own for the role."
		case typeGroup:
			return fmt.Sprintf("The group %s is a member of it, so who is in it is not decided here alone: take that group out, or use one that holds only people for the role.", cmp.Or(m.Email, m.Id))
		}
	}
	return ""
}

// mayChange refuses to change a group that isn't there, or is not Latchkey's to change. What was seen within a minute counts.
func (d *groups) mayChange(ctx context.Context, id string) error {
	d.mu.Lock()
	s := d.known[id]
	d.mu.Unlock()
	group := s.group
	if !s.until.After(d.cfg.Clock.Now()) {
		var err error
		if group, err = d.Group(ctx, id); err != nil {
			return err
		}
	}
	if !group.Governable {
		return fmt.Errorf("%s: the group %q is not changed. %s: %w", d.cfg.ID, group.Name, group.Why, idp.ErrRefused)
	}
	return nil
}

// Groups implements idp.Lister. What is in each group beside people is not looked at here, where it would take a call for
// each: reading a group does.
func (d *groups) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	found, err := all(d.list(ctx, ""))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(g *admin.Group) bool { return !strings.HasPrefix(g.Name, prefix) || g.Id == "" })
	if len(found) == 0 {
		return nil, nil
	}
	labels, err := d.allLabels(ctx)
	if err != nil {
		return nil, err
	}
	var out []idp.Group
	for _, g := range found {
		known, told := labels[g.Id]
		if !told { // made since
			if known, err = d.labels(ctx, g.Id); err != nil {
				return nil, err
			}
		}
		why := byLabels(known)
		out = append(out, idp.Group{ID: g.Id, Name: g.Name, Description: g.Description, Governable: why == "", Why: why})
	}
	slices.SortFunc(out, func(a, b idp.Group) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// allLabels are those of all groups, by the id.
func (d *groups) allLabels(ctx context.Context) (map[string]map[string]string, error) {
	customer, err := d.people.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	list := pages(func(token string) (some []*cloudidentity.Group, next string, err error) {
		err = d.call(ctx, cloudidentity.CloudIdentityGroupsReadonlyScope, "see what fills groups (this needs the Cloud Identity API in the service account's project)", func(ctx context.Context) error {
			c := d.cloud.Groups.List().Parent("customers/" + customer).PageSize(cloudPage).View("FULL").Context(ctx)
			if token != "" {
				c = c.PageToken(token)
			}
			page, err := c.Do()
			if err == nil {
				some, next = page.Groups, page.NextPageToken
			}
			return err
		})
		return some, next, err
	})
	labels := map[string]map[string]string{}
	for g, err := range list {
		if err != nil {
			return nil, err
		}
		labels[strings.TrimPrefix(g.Name, "groups/")] = g.Labels
	}
	return labels, nil
}

// GroupSizes implements idp.GroupSizer: by what Google counts of a group's own members.
func (d *groups) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	sizes := map[string]int{}
	for g, err := range d.list(ctx, "") {
		if err != nil {
			return nil, err
		}
		if slices.Contains(groupIDs, g.Id) {
			sizes[g.Id] = int(g.DirectMembersCount)
		}
	}
	return sizes, nil
}
