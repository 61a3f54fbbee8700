package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/roster"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/idp"
	jiracheck "latchkey/jira/check"
)

// lookAtOnce is how many people are looked up at the same time.
const lookAtOnce = 4

// ofPeople looks whether everybody whom the configuration names can do what they are named for: be told in Slack, and
// act, which takes an account that a directory knows as active. It says who can't, once for each person, with all that
// they are named for.
func (i *inspection) ofPeople(ctx context.Context) {
	named := peopleNamed(i.config)
	addresses := slices.Sorted(maps.Keys(named))
	problems := make([]string, len(addresses))
	seen := newSeer(i)
	var looking sync.WaitGroup
	for worker := range lookAtOnce {
		looking.Go(func() {
			for n := worker; n < len(addresses); n += lookAtOnce {
				problems[n] = seen.problem(ctx, addresses[n])
			}
		})
	}
	looking.Wait()
	good := 0
	for n, address := range addresses {
		if problems[n] == "" {
			good++
			continue
		}
		i.say(jiracheck.Fault, "people", address, problems[n]+". Named as "+strings.Join(named[address], ", ")+": correct the address, or name somebody else")
	}
	if good > 0 && !i.silent["slack"] {
		i.say(jiracheck.Good, "people", "named", fmt.Sprintf("%s of the configuration can be told and may act", blocks.Count(good, "person", "people")))
	}
	i.ofApproverGroups(ctx, seen)
	i.ofRouteChannels(ctx, seen)
}

// peopleNamed is everybody whom the configuration names by an address, with what for.
func peopleNamed(c *config.Config) map[string][]string {
	out := map[string][]string{}
	add := func(what string, addresses ...string) {
		for _, a := range addresses {
			if a = strings.ToLower(a); !slices.Contains(out[a], what) {
				out[a] = append(out[a], what)
			}
		}
	}
	add("people.admins", c.People.Admins...)
	add("people.fallback", c.People.Fallback...)
	for what, who := range map[string][]string{"jira.assignees.manual": c.Jira.Assignees.Manual, "jira.assignees.stuck": c.Jira.Assignees.Stuck, "jira.assignees.emergency": c.Jira.Assignees.Emergency} {
		add(what, who...)
	}
	for _, a := range c.Catalog.Apps() {
		add("owner of "+a.Name, a.Owners...)
		if !slices.Equal(a.Fulfillers(), a.Owners) {
			add("fulfiller of "+a.Name, a.Fulfillers()...)
		}
	}
	for by, sources := range sourcesNamed(c.Catalog) {
		for _, s := range sources {
			if s.Kind == catalog.Named {
				add(by, s.Person)
			}
		}
	}
	for _, who := range out {
		slices.Sort(who)
	}
	return out
}

// sourcesNamed are the sources of approvers and reviewers, by where they stand.
func sourcesNamed(c *catalog.Catalog) map[string][]catalog.Approver {
	out := map[string][]catalog.Approver{}
	for _, r := range c.Routes() {
		out["approvals."+r.Name] = r.Deciders()
	}
	for _, a := range c.Apps() {
		for _, r := range a.Roles {
			if len(r.Approvers) > 0 {
				out["approvers of "+a.Name+" · "+r.Name] = r.Approvers
			}
		}
	}
	for _, r := range c.Reviews() {
		for _, s := range r.Stages {
			out["reviews."+r.ID] = slices.Concat(out["reviews."+r.ID], s.Reviewers, s.Fallback, s.Additional)
		}
	}
	return out
}

// seer looks people up in Slack and in the directories. It is safe for concurrent use.
type seer struct {
	members     *roster.Roster // nil: Slack can't be asked
	directories []idp.Directory
	lacking     map[string]bool              // directories in which something lacks, which was said
	aliases     map[string]map[string]string // by directory: of domains
}

func newSeer(i *inspection) *seer {
	s := &seer{aliases: map[string]map[string]string{}, lacking: i.lacking}
	if !i.silent["slack"] {
		s.members = roster.New(i.services.slack, nil)
	}
	for _, d := range i.services.directories {
		if !i.silent[d.ID()] {
			s.directories = append(s.directories, d)
		}
	}
	for _, d := range i.config.IDP {
		s.aliases[d.ID] = d.Aliases
	}
	return s
}

// problem says why somebody can't be told, or can't act; "" if nothing was seen that keeps them from it.
func (s *seer) problem(ctx context.Context, address string) string {
	if said := s.inSlack(ctx, address); said != "" {
		return said
	}
	return s.inDirectories(ctx, address)
}

func (s *seer) inSlack(ctx context.Context, address string) string {
	if s.members == nil {
		return ""
	}
	p, err := s.members.MemberByEmail(ctx, access.NewEmail(address))
	refusal, refused := access.AsRefusal(err)
	switch {
	case refused && refusal.Reason == access.Unknown:
		return "no active member of the workspace has this address in Slack, so they can't be told"
	case webapi.Code(err) == "missing_scope":
		return "" // the finding about scopes says it
	case err != nil:
		return "they could not be looked up in Slack: " + access.Classify(err).Sentence
	case p.Kind == access.Guest:
		return "they are a guest in Slack, and guests neither ask nor decide"
	case p.Kind != access.Employee:
		return "their account in Slack is of the kind " + string(p.Kind) + ", which neither asks nor decides"
	case p.Standing == access.Left:
		return "their account in Slack is deactivated"
	}
	return ""
}

// inDirectories: the worst that a directory says counts, as it does for what people do.
func (s *seer) inDirectories(ctx context.Context, address string) string {
	known, missing := 0, []string{}
	for _, d := range s.directories {
		p, err := s.find(ctx, d, address)
		switch {
		case errors.Is(err, idp.ErrNotFound):
			missing = append(missing, d.ID())
			continue
		case errors.Is(err, idp.ErrAmbiguous):
			return "several accounts in " + d.ID() + " have this address, so nobody knows whose it is"
		case err != nil && s.lacking[d.ID()]:
			return "" // why, was said of the directory
		case err != nil:
			return "they could not be looked up: " + Sentence(directoryError(d, err))
		case p.Status == idp.Left:
			return "their account in " + d.ID() + " is deactivated"
		case p.Status != idp.Active:
			return "their account in " + d.ID() + " is " + string(p.Status)
		}
		known++
	}
	if known == 0 && len(missing) > 0 {
		return "no account with this address was found in " + strings.Join(missing, " or ")
	}
	return ""
}

// find looks for somebody by their address, and by the one that they have at the domain that stands for it there.
func (s *seer) find(ctx context.Context, d idp.Directory, address string) (idp.Person, error) {
	ctx, cancel := context.WithTimeout(idp.WithoutManagers(ctx), groupCheckTime)
	defer cancel()
	p, err := d.FindPerson(ctx, address)
	local, domain, _ := strings.Cut(address, "@")
	if other := s.aliases[d.ID()][domain]; errors.Is(err, idp.ErrNotFound) && other != "" {
		return d.FindPerson(ctx, local+"@"+other)
	}
	return p, err
}
