package check

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// resolutionPages bounds how many pages of resolutions are read.
const resolutionPages = 50

// checkBeside looks at what a request can do without, but somebody should know of.
func (c *Checker) checkBeside(ctx context.Context, s *site.Site) []Finding {
	return slices.Concat(c.checkOptional(ctx, s), c.checkResolutions(ctx), c.checkLink(ctx), c.checkOrganization(ctx))
}

// checkOptional tells which permissions lack that requests can do without.
func (c *Checker) checkOptional(ctx context.Context, s *site.Site) []Finding {
	without := map[string]string{
		"ASSIGN_ISSUES":  "issues that need somebody are assigned to nobody",
		rest.LinkIssues:  "issues that belong together aren't linked",
		rest.AttachFiles: "the evidence of an access review isn't attached to its issue",
	}
	const findPeople = "USER_PICKER"
	names := []string{"ASSIGN_ISSUES", rest.LinkIssues, rest.AttachFiles, findPeople}
	has, err := c.api.Permissions(ctx, s.Project, names...)
	if err != nil {
		return []Finding{{"permissions", Note, access.Classify(err).Sentence}}
	}
	var out []Finding
	if may, said := has[findPeople]; said && !may {
		out = append(out, Finding{"permissions", Fault, c.api.AccountName() + " lacks the global permission Browse users and groups (" + findPeople + "), so Jira shows it nobody, and requests are raised in its own name: give it that permission under Jira's system settings > Global permissions"})
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == findPeople })
	var lacks, follows []string
	for _, n := range names {
		if may, said := has[n]; said && !may {
			lacks, follows = append(lacks, n), append(follows, without[n])
		}
	}
	if len(lacks) == 0 {
		return out
	}
	return append(out, Finding{"permissions", Note, fmt.Sprintf("%s lacks %s, so %s: add it to the permission scheme if that is wanted", c.api.AccountName(), strings.Join(lacks, ", "), strings.Join(follows, " and "))})
}

// checkResolutions looks whether the names under jira.resolutions are there.
func (c *Checker) checkResolutions(ctx context.Context) []Finding {
	if len(c.named.Resolutions) == 0 {
		return nil
	}
	there, err := resolutions(ctx, c.api)
	if err != nil {
		return []Finding{{"resolutions", Fault, access.Classify(err).Sentence}}
	}
	var wrong []string
	for _, key := range slices.Sorted(maps.Keys(c.named.Resolutions)) {
		name := strings.TrimSpace(c.named.Resolutions[key])
		if name != "" && !slices.ContainsFunc(there, func(r string) bool { return strings.EqualFold(r, name) }) {
			wrong = append(wrong, fmt.Sprintf("jira.resolutions.%s is %q", key, name))
		}
	}
	if len(wrong) > 0 {
		return []Finding{{"resolutions", Fault, fmt.Sprintf("no such resolution is there: %s; write one of %s", strings.Join(wrong, ", "), strings.Join(there, ", "))}}
	}
	return []Finding{{"resolutions", Good, "what jira.resolutions names is there"}}
}

// checkLink looks whether the type of link that jira.revocation_link names is there. Nothing waits for a link, so that it isn't is
// no fault of what else works; but somebody wrote its name.
func (c *Checker) checkLink(ctx context.Context) []Finding {
	wanted := strings.TrimSpace(c.named.RevocationLink)
	if wanted == "" {
		return nil
	}
	var page struct {
		IssueLinkTypes []struct{ ID, Name, Inward, Outward string }
	}
	if err := c.api.Fetch(ctx, rest.Get("list the types of links", "rest/api/3/issueLinkType", nil), &page); err != nil {
		return []Finding{{"links", Fault, access.Classify(err).Sentence}}
	}
	var there []string
	for _, t := range page.IssueLinkTypes {
		if strings.EqualFold(t.Name, wanted) {
			return []Finding{{"links", Good, fmt.Sprintf("a revocation's issue “%s” its review's: the type of link %q is there", t.Outward, t.Name)}}
		}
		there = append(there, t.Name)
	}
	return []Finding{{"links", Fault, fmt.Sprintf("jira.revocation_link is %q, and no such type of link is there: write one of %s, or have an administrator of Jira make it; until then revocations aren't linked to their review", wanted, strings.Join(there, ", "))}}
}

// resolutions are the names of the site's resolutions, to their end.
func resolutions(ctx context.Context, api *rest.Client) (all []string, err error) {
	for range resolutionPages {
		var page struct {
			Values []struct{ ID, Name string }
			IsLast bool
		}
		query := url.Values{"startAt": {strconv.Itoa(len(all))}, "maxResults": {"50"}}
		if err := api.Fetch(ctx, rest.Get("list the resolutions", "rest/api/3/resolution/search", query), &page); err != nil {
			return nil, err
		}
		for _, r := range page.Values {
			all = append(all, r.Name)
		}
		if page.IsLast || len(page.Values) == 0 {
			return all, nil
		}
	}
	return nil, rest.Fault("Jira's list of resolutions has no end, so nobody knows whether those under jira.resolutions are there")
}

// checkOrganization proves the key of the Atlassian organization, if one is configured.
func (c *Checker) checkOrganization(ctx context.Context) []Finding {
	asked, err := c.people.AsksOrganization(ctx)
	switch {
	case !asked:
		return nil
	case err != nil:
		return []Finding{{"organization", Fault, access.Classify(err).Sentence}}
	}
	return []Finding{{"organization", Good, "jira.organization answers whose accounts are"}}
}
