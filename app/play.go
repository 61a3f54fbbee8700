package app

import (
	"maps"
	"slices"
	"strings"

	"latchkey/config"
	"latchkey/sandbox"
)

// ForPlay is the change of a world in which a configuration is tried out: whom it names is there, and the service desk
// has the names that it says.
func ForPlay(c *config.Config) func(*sandbox.Config) {
	return func(w *sandbox.Config) {
		w.People = append(w.People, invented(c)...)
		w.Jira.ProjectKey, w.Jira.RequestTypeName = c.Jira.Project, c.Jira.RequestType
		w.Called = called(c.Jira)
		w.Outcomes = slices.Sorted(maps.Values(c.Jira.Resolutions))
	}
}

// invented are those whom the configuration names, made up so that what it says can be played by them.
func invented(c *config.Config) (all []sandbox.Person) {
	named := peopleNamed(c)
	for _, address := range slices.Sorted(maps.Keys(named)) {
		title := strings.ToUpper(named[address][0][:1]) + named[address][0][1:]
		it := slices.ContainsFunc(c.People.Admins, func(a string) bool { return strings.EqualFold(a, address) })
		if it {
			title = "IT"
		}
		all = append(all, sandbox.Person{Address: address, Title: title, IT: it, Manager: sandbox.Email("grace")})
	}
	return all
}

// Named are the addresses of those whom a configuration names.
func Named(c *config.Config) []string { return slices.Sorted(maps.Keys(peopleNamed(c))) }

// called is what a configuration calls what has another name at Acme's desk. Of what it doesn't name the name stays.
func called(j config.Jira) map[string]string {
	names := map[string]string{}
	for _, of := range []struct{ said, acmes map[string]string }{
		{j.Statuses, map[string]string{
			"pending": "Waiting for approval", "approved": "In progress", "manual": "Waiting for support", "active": "Granted", "stuck": "Needs attention",
			"denied": "Declined", "cancelled": "Canceled", "ended": "Closed",
		}},
		{j.Transitions, map[string]string{
			"approved": "Approve request", "denied": "Decline (with reason)", "cancelled": "Customer withdraws", "manual": "Hand over to support", "active": "Mark as provisioned",
			"stuck": "Escalate to a human", "ended": "Close it out",
		}},
		{j.Fields, map[string]string{"app": "Application", "role": "Role", "duration": "Duration", "waiting_for": "Waiting for", "decided_by": "Decided by", "until": "Access until"}},
	} {
		for key, acme := range of.acmes {
			if name := of.said[key]; name != "" && name != acme {
				names[acme] = name
			}
		}
	}
	return names
}

// Apart is a configuration that shares nothing on this machine with a Latchkey that runs by the same file: no anchors, and
// no port for metrics.
func Apart(c *config.Config) *config.Config {
	own := *c
	own.Evidence.Anchors, own.Metrics = nil, config.Metrics{}
	return &own
}
