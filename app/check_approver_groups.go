package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/catalog"
	"latchkey/idp"
	jiracheck "latchkey/jira/check"
)

// ofApproverGroups looks whether the groups are there whose members decide, and whether anybody in them can.
func (i *inspection) ofApproverGroups(ctx context.Context, seen *seer) {
	by := map[catalog.GroupRef][]string{}
	for where, sources := range sourcesNamed(i.config.Catalog) {
		for _, s := range sources {
			if s.Kind == catalog.GroupOf && !slices.Contains(by[s.Group], where) {
				by[s.Group] = append(by[s.Group], where)
			}
		}
	}
	for _, ref := range slices.SortedFunc(maps.Keys(by), func(a, b catalog.GroupRef) int { return strings.Compare(a.String(), b.String()) }) {
		at := slices.IndexFunc(seen.directories, func(d idp.Directory) bool { return d.ID() == ref.Directory })
		if at < 0 {
			continue
		}
		slices.Sort(by[ref])
		level, detail := seen.deciders(ctx, seen.directories[at], ref)
		if level == jiracheck.Fault && i.lacking[ref.Directory] {
			continue // what lacks there was said
		}
		i.say(level, ref.Directory, "approvers group:"+ref.String(), detail+", for "+strings.Join(by[ref], ", "))
	}
}

// deciders says how many of a group can be told and may act.
func (s *seer) deciders(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (jiracheck.Level, string) {
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	look := d.FindGroup
	if ref.ByID {
		look = d.Group
	}
	g, err := look(ctx, ref.Group)
	if err != nil {
		return jiracheck.Fault, "it can't be read, so nobody can be asked: " + Sentence(directoryError(d, err)) + " Correct the name, or write the group's id"
	}
	members, err := d.Members(ctx, g.ID)
	if err != nil {
		return jiracheck.Fault, "who is in it can't be read, so nobody can be asked: " + Sentence(directoryError(d, err))
	}
	able, looked := 0, 0
	for m, err := range members.All {
		if err != nil {
			return jiracheck.Fault, "who is in it can't be read to its end: " + Sentence(directoryError(d, err))
		}
		if looked++; s.able(ctx, d, m) {
			able++
			break
		}
	}
	switch {
	case looked == 0:
		return jiracheck.Note, "it can be read, and nobody is in it: others would be asked"
	case able == 0:
		return jiracheck.Note, fmt.Sprintf("it can be read, and of the %d in it nobody can be told and may act: others would be asked", looked)
	}
	return jiracheck.Good, "it can be read, and somebody in it can decide"
}

// able: a member has an account that may be used, and one in Slack by which they are told.
func (s *seer) able(ctx context.Context, d idp.Directory, m idp.Membership) bool {
	p, err := d.Person(ctx, m.PersonID)
	return err == nil && p.Status == idp.Active && p.Email != "" && s.inSlack(ctx, p.Email) == ""
}
