package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// reviewShortest and reviewLongest bound how long a stage of a review can last.
	reviewShortest = time.Hour
	reviewLongest  = 180 * Day
	// undoLongest bounds how long a revocation waits: what is known to be wrong must not stay for long.
	undoLongest = 14 * Day
	// restoreLongest bounds for how long an earlier approval is good enough.
	restoreLongest = 90 * Day
)

// ReviewOccasions are what can begin a small review of one person.
func ReviewOccasions() []string { return []string{"moved", "manager", "adopted", "exception"} }

func reviewDefaults() []ReviewDefault {
	return []ReviewDefault{KeepAccess, RevokeAccess, Recommended, EscalateReview}
}

func reviewSources() []ReviewSource {
	return []ReviewSource{BySomeRequest, ByEmergency, ByBirthright, ByAdoption, ByNothing}
}

// reviewChecker judges access reviews.
type reviewChecker struct{ *checker }

// reviews reports what can't be meant of the access reviews.
func (c *checker) reviews() {
	k := reviewChecker{c}
	seen, begun := map[string]bool{}, map[string]string{}
	for i, r := range k.catalog.reviews {
		path := fmt.Sprintf("reviews[%d]", i)
		k.named(path, r, seen)
		k.scope(path+".scope", r)
		k.stages(path, r)
		k.times(path, r)
		k.defaults(path, r)
		k.occasions(path+".on", r, begun)
		if r.Channel != "" && len(r.Occasions) > 0 {
			k.add(path+".channel", "the review %q is a small one, of a few rows and one person, so no channel is shown how far it is: take channel out", r.ID)
		}
		for n, app := range r.NoUsage {
			k.offered(fmt.Sprintf("%s.no_usage[%d]", path, n), app)
		}
	}
}

func (k reviewChecker) named(path string, r Review, seen map[string]bool) {
	k.id(path+".id", r.ID)
	if r.ID != "" && seen[r.ID] {
		k.add(path+".id", "the id %q is used twice: every review needs an id of its own, by which the record names it", r.ID)
	}
	seen[r.ID] = true
	if strings.TrimSpace(r.Name) == "" {
		k.add(path+".name", "the review %q has no name: add name, for example Privileged access, quarterly", r.ID)
	}
}

func (k reviewChecker) offered(path, id string) {
	if _, ok := k.catalog.App(id); !ok {
		k.add(path, "there is no app %q: %s", id, suggest(id, k.appIDs(), "add it under apps"))
	}
}

func (k reviewChecker) appIDs() (out []string) {
	for _, a := range k.catalog.apps {
		out = append(out, a.ID)
	}
	return out
}

func (k reviewChecker) scope(path string, r Review) {
	s := r.Scope
	for i, app := range s.Apps {
		k.offered(fmt.Sprintf("%s.apps[%d]", path, i), app)
	}
	for i, ref := range s.Roles {
		k.known(fmt.Sprintf("%s.roles[%d]", path, i), ref)
	}
	for i, risk := range s.Risks {
		if !slices.Contains([]Risk{Low, Medium, High}, risk) {
			k.add(fmt.Sprintf("%s.risks[%d]", path, i), "%q is no risk: write low, medium or high", risk)
		}
	}
	for i, source := range s.Sources {
		if !slices.Contains(reviewSources(), source) {
			k.add(fmt.Sprintf("%s.sources[%d]", path, i), "%q doesn't say how access came: write requested, break-glass, birthright, adopted or unexplained", source)
		}
	}
	k.people(path+".managers", s.Managers)
	k.people(path+".people", s.People)
	k.tags(path+".tags", s.Tags)
	for i, e := range s.Exclude {
		k.exclude(fmt.Sprintf("%s.exclude[%d]", path, i), e)
	}
}

// tags reports a tag that no app has: the review would be about nothing.
func (k reviewChecker) tags(path string, tags []string) {
	for i, tag := range tags {
		if !slices.ContainsFunc(k.catalog.apps, func(a App) bool { return slices.Contains(a.Tags, tag) }) {
			k.add(fmt.Sprintf("%s[%d]", path, i), "no app has the tag %q, so nothing would be reviewed because of it: correct it, or add it to apps", tag)
		}
	}
}

// exclude: what is left out needs a reason, and somebody who stands for it; the pack names both.
func (k reviewChecker) exclude(path string, e ReviewExclude) {
	switch {
	case e.Person == "" && e.Role == (RoleRef{}):
		k.add(path, "it isn't said what is left out: add person or role")
	case e.Person != "" && e.Role != (RoleRef{}):
		k.add(path, "write person or role, not both: each exclusion has a reason of its own")
	case e.Person != "" && !IsEmail(e.Person):
		k.add(path+".person", "%q is not an e-mail address: write for example noor@acme.example", e.Person)
	case e.Person == "":
		k.known(path+".role", e.Role)
	}
	if strings.TrimSpace(e.Why) == "" {
		k.add(path+".why", "an exclusion needs a reason, which the evidence prints: add why")
	}
	if !IsEmail(e.By) {
		k.add(path+".by", "an exclusion needs somebody who approved it: add by with their address")
	}
}

func (k reviewChecker) stages(path string, r Review) {
	if n := len(r.Stages); n < 1 || n > 2 {
		k.add(path+".stages", "the review %q has %d stages: one or two are possible", r.ID, n)
	}
	for i, s := range r.Stages {
		k.stage(fmt.Sprintf("%s.stages[%d]", path, i), s)
	}
}

func (k reviewChecker) stage(path string, s ReviewStage) {
	if len(s.Reviewers) == 0 {
		k.add(path+".reviewers", "nobody is asked: name reviewers, for example [manager]")
	}
	for _, of := range []struct {
		key  string
		list []Approver
	}{{"reviewers", s.Reviewers}, {"fallback", s.Fallback}, {"also", s.Additional}} {
		for i, ap := range of.list {
			k.routes().approver(fmt.Sprintf("%s.%s[%d]", path, of.key, i), ap)
		}
	}
	if !slices.Contains(ReviewStrategies(), s.Strategy) {
		k.add(path+".strategy", "%q is no strategy: write one-keep-keeps, all-must-keep, one-revoke-revokes or kept-unless-revoked", s.Strategy)
	}
	if s.Lasts < reviewShortest || s.Lasts > reviewLongest {
		k.add(path+".lasts", "a stage can last from %s to %s: write for example 14d", ShortDuration(reviewShortest), ShortDuration(reviewLongest))
	}
}

func (k reviewChecker) times(path string, r Review) {
	if r.Undo < 0 || r.Undo > undoLongest {
		k.add(path+".undo", "a revocation can wait for %s at most before it is carried out: write for example 1d", ShortDuration(undoLongest))
	}
	if r.Restore < 0 || r.Restore > restoreLongest {
		k.add(path+".restore", "a revocation can be taken back for %s at most: after that, access is asked for anew; write for example 30d", ShortDuration(restoreLongest))
	}
	if r.Scope.OlderThan < 0 {
		k.add(path+".scope.older_than", "a time can't be negative: write for example 30d")
	}
}

func (k reviewChecker) defaults(path string, r Review) {
	for _, of := range []struct {
		key  string
		says ReviewDefault
	}{{"unanswered", r.Unanswered}, {"unreachable", r.Unreachable}} {
		if !slices.Contains(reviewDefaults(), of.says) {
			k.add(path+"."+of.key, "%q doesn't say what becomes of a row: write keep, revoke, recommendation or escalate", of.says)
		}
	}
}

// occasions: one occasion begins one review, which asks one round and starts by itself.
func (k reviewChecker) occasions(path string, r Review, begun map[string]string) {
	for i, o := range r.Occasions {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch other := begun[o]; {
		case !slices.Contains(ReviewOccasions(), o):
			k.add(at, "%q begins no review: write moved, manager, adopted or exception", o)
		case other != "":
			k.add(at, "%q begins the review %q already: one occasion begins one review", o, other)
		default:
			begun[o] = r.ID
		}
	}
	if len(r.Occasions) > 0 && r.Line != "" {
		k.add(path, "the review %q begins when something happens to somebody, so it has no schedule: remove schedule, or on", r.ID)
	}
}
