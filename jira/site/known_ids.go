package site

import (
	"context"
	"fmt"
	"maps"
	"strings"
)

// KnownIDs keeps what things that the configuration calls by name had for ids, so
// that one which gets another name in Jira is found again.
type KnownIDs interface {
	Recall(ctx context.Context) (map[string]string, error)
	Remember(ctx context.Context, ids map[string]string) error
}

// nobody remembers nothing.
type nobody struct{}

func (nobody) Recall(context.Context) (map[string]string, error) { return nil, nil }
func (nobody) Remember(context.Context, map[string]string) error { return nil }

// recall begins to look at a site. Known ids that can't be read cost renamed things only.
func (d *Discoverer) recall(ctx context.Context) *recalled {
	before, err := d.knownIDs.Recall(ctx)
	if err != nil {
		d.api.Log().WarnContext(ctx, "What things in Jira were called before can't be read.", "error", err)
	}
	return &recalled{before: before, now: map[string]string{}}
}

// remember keeps the ids that were found.
func (d *Discoverer) remember(ctx context.Context, r *recalled) {
	all := maps.Clone(r.before)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, r.now)
	if maps.Equal(all, r.before) {
		return
	}
	if err := d.knownIDs.Remember(ctx, all); err != nil {
		d.api.Log().WarnContext(ctx, "What things in Jira are called can't be remembered.", "error", err)
	}
}

// find finds what the configuration calls by a name or an id at a place, as in
// "jira.statuses.ended". What has another name since then is known by the id that
// it had.
func find[T any](s *Site, place string, all []T, want string, of func(T) (id, name string)) []T {
	found := named(all, want, of)
	if s.names == nil || len(found) > 1 {
		return found
	}
	key := strings.Join([]string{s.BaseURL, s.Project, place, want}, " ")
	if len(found) == 0 && s.names.before[key] != "" {
		found = named(all, s.names.before[key], of)
		if len(found) == 1 {
			_, name := of(found[0])
			s.names.notes = append(s.names.notes, fmt.Sprintf("What %s calls “%s” is called “%s” in Jira by now. Latchkey goes on with it: correct %s", place, want, name, place))
		}
	}
	if len(found) == 1 {
		s.names.now[key], _ = of(found[0])
	}
	return found
}

// Notes say what is called otherwise in Jira by now than the configuration says.
func (d *Discoverer) Notes() []string {
	s := d.known()
	if s == nil || s.names == nil {
		return nil
	}
	return s.names.notes
}
