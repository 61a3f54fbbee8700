package reading

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

// usage knows when people last used what a group lets them into. A directory says which of its applications a group is
// assigned to, and when each was used; where it doesn't, nothing is known of use.
type usage struct {
	*pass
	assigned map[string]map[string][]string // by directory and group: applications, by the directory's ids
	reports  map[[2]string]used             // by directory and application
}

// used is a report on applications.
type used struct {
	last   map[string]time.Time // by account
	reach  time.Time
	source string
}

func newUsage(p *pass) *usage {
	return &usage{p, map[string]map[string][]string{}, map[[2]string]used{}}
}

// of is the report on what a group lets people into.
func (u *usage) of(ctx context.Context, t targets.Target, g idp.Group) (used, error) {
	d, configured := u.directory(t.Ref.Directory)
	if !configured || !u.Campaign.Review.CountsUsage(t.App.ID) {
		return used{}, nil
	}
	if t.Ref.Directory == access.ImportedDirectory {
		return u.usedBy(t), nil
	}
	reporter, able := idp.As[idp.UsageReporter](d)
	if !able {
		return used{}, nil
	}
	apps, err := u.appsOf(ctx, d, g.ID)
	if err != nil {
		return used{}, err
	}
	var all []used
	for _, app := range apps {
		one, err := u.report(ctx, d, reporter, app)
		if err != nil {
			return used{}, err
		}
		all = append(all, one)
	}
	return joined(all), nil
}

// joined is what several reports say together: use of any is use, and what is known of one alone reaches as far as the
// shortest of them.
func joined(all []used) used {
	if len(all) == 0 || slices.ContainsFunc(all, func(one used) bool { return one.source == "" }) {
		return used{}
	}
	out := used{last: map[string]time.Time{}}
	for _, one := range all {
		for who, at := range one.last {
			if at.After(out.last[who]) {
				out.last[who] = at
			}
		}
		if one.reach.After(out.reach) {
			out.reach = one.reach
		}
		if !strings.Contains(out.source, one.source) {
			out.source = strings.TrimPrefix(out.source+"; "+one.source, "; ")
		}
	}
	return out
}

// of is the use of one account.
func (u used) of(a *account) snapshot.Use {
	if u.source == "" {
		return snapshot.Use{}
	}
	at, reach := u.last[a.id], u.reach
	if reach.IsZero() { // what knows of one use knows of that time, for that account
		reach = at
	}
	return snapshot.Use{At: at, Reach: reach, Source: u.source}
}

// appsOf are the applications that a group is assigned to.
func (u *usage) appsOf(ctx context.Context, d idp.Directory, group string) ([]string, error) {
	if known := u.assigned[d.ID()]; known != nil {
		return known[group], nil
	}
	found := map[string][]string{}
	lister, able := idp.As[idp.AppLister](d)
	if able {
		if err := u.assignments(ctx, lister, found); err != nil {
			if err = u.unknown(ctx, d, "List which groups applications are assigned to in "+d.ID(), err); err != nil {
				return nil, err
			}
			clear(found)
		}
	}
	u.assigned[d.ID()] = found
	return found[group], nil
}

func (u *usage) assignments(ctx context.Context, lister idp.AppLister, found map[string][]string) error {
	apps, err := lister.Apps(ctx)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if !app.Active || app.Why != "" {
			continue
		}
		all, err := lister.Assignments(ctx, app.ID)
		if errors.Is(err, idp.ErrNotFound) {
			continue // it was deleted meanwhile
		}
		if err != nil {
			return err
		}
		for _, a := range all.Groups {
			found[a.GroupID] = append(found[a.GroupID], app.ID)
		}
	}
	return nil
}

// report reads when an application was last used. A report that breaks off says nothing.
func (u *usage) report(ctx context.Context, d idp.Directory, reporter idp.UsageReporter, app string) (used, error) {
	key := [2]string{d.ID(), app}
	if known, read := u.reports[key]; read {
		return known, nil
	}
	out, err := readUsage(ctx, reporter, app)
	if err != nil && !errors.Is(err, idp.ErrNotFound) {
		if err := u.unknown(ctx, d, "Read when an application in "+d.ID()+" was last used", err); err != nil {
			return used{}, err
		}
	}
	if err != nil {
		out = used{}
	}
	u.reports[key] = out
	return out, nil
}

func readUsage(ctx context.Context, reporter idp.UsageReporter, app string) (used, error) {
	report, err := reporter.Usage(ctx, app)
	if err != nil {
		return used{}, err
	}
	out := used{last: map[string]time.Time{}, reach: report.Since, source: report.Source}
	for one, err := range report.All {
		if err != nil {
			return used{}, err
		}
		out.last[one.PersonID] = one.Last
	}
	return out, nil
}

// unknown lets what can't be read of use be unknown: it is a help, and no review waits for it. Only a directory's plea to wait is followed.
func (u *usage) unknown(ctx context.Context, d idp.Directory, what string, err error) error {
	var limited *idp.RateLimited
	failed := people.DirectoryFailure(d, what, err)
	if ctx.Err() != nil || errors.As(err, &limited) {
		return failed
	}
	u.Logger.Warn("use isn't known for a review", "review", u.Campaign.ID, "directory", d.ID(), "error", failed)
	return nil
}

// usedBy is when the accounts on a list were used last, as the file says.
func (u *usage) usedBy(t targets.Target) used {
	out := used{last: map[string]time.Time{}, source: "what the imported file says"}
	if w := u.whose[t.App.ID]; w != nil {
		for account, m := range w.how {
			out.last[t.App.ID+"/"+account] = m.used
		}
	}
	return out
}
