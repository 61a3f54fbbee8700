package reclaim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// report is what is known of the use of applications.
type report struct {
	last     map[string]time.Time // by account
	reach    time.Time
	source   string    // empty: nothing is known, because of why
	read     time.Time // when
	complete time.Time // until when nothing is missing
	why      string
	failed   bool // it couldn't be read now
}

// of is the use of one account.
func (r report) of(account string) access.Idleness {
	if r.source == "" {
		return access.Idleness{}
	}
	return access.Idleness{Last: r.last[account], Source: r.source, By: catalog.AppSignIn, Reach: r.reach, Read: r.read, Complete: r.complete}
}

// unknown is a report that says nothing.
func unknown(format string, args ...any) report { return report{why: fmt.Sprintf(format, args...)} }

// joined is what several reports say together: use of any is use, and what is known of one alone reaches as far as the
// shortest of them.
func joined(all []report) report {
	if len(all) == 0 {
		return unknown("It isn't known where its use shows.")
	}
	if i := slices.IndexFunc(all, func(r report) bool { return r.source == "" }); i >= 0 {
		return all[i]
	}
	out := report{last: map[string]time.Time{}}
	for _, one := range all {
		for who, at := range one.last {
			if at.After(out.last[who]) {
				out.last[who] = at
			}
		}
		if one.reach.After(out.reach) {
			out.reach = one.reach
		}
		if out.read.IsZero() || one.read.Before(out.read) {
			out.read = one.read
		}
		if out.complete.IsZero() || one.complete.Before(out.complete) {
			out.complete = one.complete
		}
		if !strings.Contains(out.source, one.source) {
			out.source = strings.TrimPrefix(out.source+"; "+one.source, "; ")
		}
	}
	return out
}

// usage reads the use of the applications of one app, each once.
type usage struct {
	*seats
	app      catalog.App
	assigned map[string]map[string][]string // by directory and group: applications, by the directory's ids
	unlisted map[string]report              // by directory: why that isn't known
}

func (s *seats) usageOf(app catalog.App) *usage {
	return &usage{s, app, map[string]map[string][]string{}, map[string]report{}}
}

// ofGroup reads the use of what a group lets people into; nothing where the app says itself in whose sign-ins its use shows.
func (u *usage) ofGroup(ctx context.Context, ref catalog.GroupRef, g idp.Group, into map[catalog.GroupRef]report) error {
	if len(u.app.Uses) > 0 {
		return nil
	}
	d, _ := u.dirs.Get(ref.Directory)
	apps, why, err := u.appsOf(ctx, d, g.ID)
	if err == nil && why.why == "" {
		why, err = u.all(ctx, d, apps)
	}
	into[ref] = why
	return err
}

// ofUses reads the use of the applications that the app names, by their directories.
func (u *usage) ofUses(ctx context.Context, into map[string]report) error {
	apps := map[string][]string{}
	for _, use := range u.app.Uses {
		apps[use.Directory] = append(apps[use.Directory], use.App)
	}
	for id, some := range apps {
		d, configured := u.dirs.Get(id)
		if !configured {
			into[id] = unknown("The directory %s isn't configured any more.", id)
			continue
		}
		var err error
		if into[id], err = u.all(ctx, d, some); err != nil {
			return err
		}
	}
	return nil
}

// all is what the reports on some applications of a directory say together.
func (u *usage) all(ctx context.Context, d idp.Directory, apps []string) (report, error) {
	reporter, able := idp.As[idp.UsageReporter](d)
	if !able {
		return unknown("The directory %s doesn't tell when an app was used.", d.ID()), nil
	}
	var all []report
	for _, app := range apps {
		one, err := u.report(ctx, d, reporter, app)
		if err != nil {
			return report{}, err
		}
		all = append(all, one)
	}
	return joined(all), nil
}

// appsOf are the applications that a group is assigned to. why says that none are known.
func (u *usage) appsOf(ctx context.Context, d idp.Directory, group string) (apps []string, why report, err error) {
	if _, able := idp.As[idp.UsageReporter](d); !able {
		return nil, unknown("The directory %s doesn't tell when an app was used.", d.ID()), nil
	}
	found, why, err := u.assignments(ctx, d)
	if err != nil || why.why != "" {
		return nil, why, err
	}
	if len(found[group]) == 0 {
		return nil, unknown("A group of %s is assigned to no application of the directory %s, so it isn't known where its use shows: name one under usage.", u.app.Name, d.ID()), nil
	}
	return found[group], report{}, nil
}

// assignments are which applications the groups of a directory are assigned to.
func (u *usage) assignments(ctx context.Context, d idp.Directory) (map[string][]string, report, error) {
	if known, read := u.assigned[d.ID()]; read {
		return known, u.unlisted[d.ID()], nil
	}
	lister, able := idp.As[idp.AppLister](d)
	if !able {
		u.unlisted[d.ID()] = unknown("The directory %s doesn't tell which applications its groups are assigned to: name one under usage.", d.ID())
		u.assigned[d.ID()] = nil
		return nil, u.unlisted[d.ID()], nil
	}
	found, err := u.listings.of(ctx, u.units.Now, d.ID(), func(ctx context.Context) (map[string][]string, error) { return listed(ctx, lister) })
	if err != nil {
		if u.unlisted[d.ID()], err = u.failed(ctx, d, "List which groups applications are assigned to in "+d.ID(), err); err != nil {
			return nil, report{}, err
		}
	}
	u.assigned[d.ID()] = found
	return found, u.unlisted[d.ID()], nil
}

func listed(ctx context.Context, lister idp.AppLister) (map[string][]string, error) {
	found := map[string][]string{}
	apps, err := lister.Apps(ctx)
	if err != nil {
		return nil, err
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
			return nil, err
		}
		for _, a := range all.Groups {
			found[a.GroupID] = append(found[a.GroupID], app.ID)
		}
	}
	return found, nil
}

// report reads when an application was last used. A report on nobody says nothing: it may be that its sign-ins aren't recorded.
func (u *usage) report(ctx context.Context, d idp.Directory, reporter idp.UsageReporter, app string) (report, error) {
	out, err := u.reports.of(ctx, u.units.Now, [2]string{d.ID(), app}, func(ctx context.Context) (report, error) { return u.read(ctx, reporter, app) })
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return unknown("The directory %s has no application %s.", d.ID(), app), nil
	case err != nil:
		return u.failed(ctx, d, "Read when an application in "+d.ID()+" was last used", err)
	case len(out.last) == 0:
		return unknown("Nobody's use of the application %s is on record in %s, so it isn't known whether its sign-ins are recorded at all.", app, d.ID()), nil
	}
	return out, nil
}

func (u *usage) read(ctx context.Context, reporter idp.UsageReporter, app string) (report, error) {
	began := u.units.Now()
	is, err := reporter.Usage(ctx, app)
	if err != nil {
		return report{}, err
	}
	out := report{last: map[string]time.Time{}, reach: is.Since, source: is.Source, read: began, complete: is.Complete}
	for one, err := range is.All {
		if err != nil {
			return report{}, err
		}
		out.last[one.PersonID] = one.Last
	}
	return out, nil
}

// failed has what couldn't be read be unknown: nobody is asked and nothing ends because of it. Only a directory's plea to
// wait is followed.
func (u *usage) failed(ctx context.Context, d idp.Directory, what string, err error) (report, error) {
	var limited *idp.RateLimited
	failure := people.DirectoryFailure(d, what, err)
	if ctx.Err() != nil || errors.As(err, &limited) {
		return report{}, failure
	}
	u.log.Warn("it isn't known whether seats are used", "app", u.app.ID, "directory", d.ID(), "error", failure)
	return report{why: fmt.Sprintf("The directory %s couldn't be read.", d.ID()), failed: true}, nil
}
