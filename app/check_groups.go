package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/idp"
	jiracheck "latchkey/jira/check"
)

// groupCheckTime bounds how long one group is looked at.
const groupCheckTime = time.Minute

func (i *inspection) inDirectories(ctx context.Context) {
	byID := map[string]idp.Directory{}
	for _, d := range i.services.directories {
		if i.probe(ctx, d); !i.silent[d.ID()] {
			byID[d.ID()] = d
		}
	}
	good, there, unread := 0, map[catalog.GroupRef]string{}, map[string][]string{}
	for _, ref := range i.config.Catalog.Groups() {
		d, ok := byID[ref.Directory]
		if !ok {
			continue // it can't be worked with, which was said
		}
		id, problem, err := groupProblem(ctx, d, ref)
		if there[ref] = id; err != nil {
			unread[ref.Directory] = append(unread[ref.Directory], "it could not be looked at: "+err.Error())
			continue
		}
		if problem != "" {
			i.say(jiracheck.Fault, d.ID(), "group "+ref.Group, problem+". It is what "+openedBy(i.config.Catalog, ref)+" opens")
			continue
		}
		good++
	}
	i.watched(ctx, byID, unread)
	i.guarded(ctx, byID)
	i.unreadable(unread)
	i.rights(ctx, byID, there)
	i.say(jiracheck.Good, "groups", "catalogue", fmt.Sprintf("%d of its groups exist and can be governed", good))
}

// watched finds the groups that conflicts and prerequisites are about and that no role opens: they are only looked at.
func (i *inspection) watched(ctx context.Context, byID map[string]idp.Directory, unread map[string][]string) {
	governed := i.config.Catalog.Groups()
	for _, ref := range i.config.Catalog.Asks(catalog.RoleRef{}).Beside {
		d, ok := byID[ref.Directory]
		if !ok || slices.Contains(governed, ref) {
			continue
		}
		err := found(ctx, d, ref)
		if err != nil && !errors.Is(err, idp.ErrNotFound) && !errors.Is(err, idp.ErrAmbiguous) {
			unread[ref.Directory] = append(unread[ref.Directory], "it could not be looked at: "+err.Error())
			continue
		}
		if err != nil {
			i.say(jiracheck.Fault, d.ID(), "group "+ref.Group, Sentence(directoryError(d, err))+" A conflict or a role's needs name it, and as long as it can't be read, nobody gets what depends on it.")
		}
	}
}

// guarded finds the groups that are never to be touched: one that isn't there may be another one's name.
func (i *inspection) guarded(ctx context.Context, byID map[string]idp.Directory) {
	for _, ref := range i.config.Protected {
		if d, ok := byID[ref.Directory]; ok && !i.lacking[ref.Directory] && errors.Is(found(ctx, d, ref), idp.ErrNotFound) {
			i.say(jiracheck.Note, d.ID(), "group "+ref.Group, "protected_groups names it, and there is none: as it is, nothing but a group of that name is protected. Correct the name, or take it out")
		}
	}
}

// unreadable says once of each directory why groups could not be looked at; where what it needs was found to lack
// already, that is why.
func (i *inspection) unreadable(unread map[string][]string) {
	for _, id := range slices.Sorted(maps.Keys(unread)) {
		if !i.lacking[id] {
			i.say(jiracheck.Fault, id, "groups", fmt.Sprintf("%d of the catalogue's can't be governed: %s", len(unread[id]), unread[id][0]))
		}
	}
}

func found(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (err error) {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	if ref.ByID {
		_, err = d.Group(ctx, ref.Group)
		return err
	}
	_, err = d.FindGroup(ctx, ref.Group)
	return err
}

// probe has a directory look what it needs. Where nothing but faults with one cause come of it, that is said once, and
// nothing else is asked there.
func (i *inspection) probe(ctx context.Context, d idp.Directory) {
	p, ok := idp.As[idp.Prober](d)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	findings, err := p.Probe(ctx)
	if err != nil {
		i.silent[d.ID()] = true
		i.say(jiracheck.Fault, d.ID(), "directory", Sentence(directoryError(d, err)))
		return
	}
	if i.silent[d.ID()] = allFail(findings); i.silent[d.ID()] {
		i.say(jiracheck.Fault, d.ID(), "directory", "nothing can be done there, and this is why: "+findings[0].Detail)
		return
	}
	for _, f := range oneOfACause(findings) {
		level := level(f.OK)
		i.lacking[d.ID()] = i.lacking[d.ID()] || !f.OK
		if f.OK && f.Note {
			level = jiracheck.Note
		}
		i.say(level, d.ID(), f.Check, f.Detail)
	}
}

// oneOfACause leaves one of the findings that name the same cause, the worst, with what else doesn't work because of it.
func oneOfACause(all []idp.Finding) (out []idp.Finding) {
	at, also := map[string]int{}, map[int][]string{}
	for _, f := range all {
		why := causeOf(f)
		first, known := at[why]
		switch {
		case why == "":
			out = append(out, f)
			continue
		case !known:
			at[why] = len(out)
			out = append(out, f)
			continue
		case out[first].OK && !f.OK:
			f, out[first] = out[first], f
		}
		also[first] = append(also[first], strings.TrimSpace(f.Check+" "+addresses().FindString(f.Detail)))
	}
	for n, checks := range also {
		out[n].Detail += ". The same is why these don't work: " + strings.Join(checks, ", ")
	}
	return out
}

// causeOf is why something can't be done, without what it was; "" for what can be.
func causeOf(f idp.Finding) string {
	const cannot = ": cannot "
	n := strings.LastIndex(f.Detail, cannot)
	if n < 0 || f.OK && !f.Note {
		return ""
	}
	_, why, _ := strings.Cut(f.Detail[n+len(cannot):], ": ")
	return addresses().ReplaceAllString(why, "")
}

// addresses are what a cause is the same without: the scopes of Google are some.
func addresses() *regexp.Regexp { return regexp.MustCompile(`https://[^\s:]+`) }

// allFail: whatever was tried failed. What was only explained, for want of something to try it with, counts for nothing.
func allFail(findings []idp.Finding) bool {
	tried := slices.DeleteFunc(slices.Clone(findings), func(f idp.Finding) bool { return f.Untried })
	return len(tried) > 0 && !slices.ContainsFunc(tried, func(f idp.Finding) bool { return f.OK })
}

// groupProblem says which group it is, if it is there, and why it can't be governed, and what to do; "" if it can. The
// error is why it could not be looked at.
func groupProblem(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (id, problem string, err error) {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	look := d.FindGroup
	if ref.ByID {
		look = d.Group
	}
	g, err := look(ctx, ref.Group)
	switch {
	case errors.Is(err, idp.ErrNotFound) && ref.ByID:
		return "", "no group has this id: it was deleted, or is of another organisation. Correct the role's groups", nil
	case errors.Is(err, idp.ErrNotFound):
		return "", "there is none: create it in " + d.ID() + ", or correct the role's groups", nil
	case errors.Is(err, idp.ErrAmbiguous):
		return "", "there are several of that name: write the group's id, as in " + d.ID() + ":id:ID, or rename the others", nil
	case err != nil:
		return "", "", err
	case !g.Governable:
		return g.ID, g.Why, nil
	}
	return g.ID, "", nil
}
