package config

import (
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// How access is reviewed unless said otherwise.
const (
	reviewLasts      = 14 * catalog.Day
	smallReviewLasts = 7 * catalog.Day
	reviewUndo       = catalog.Day
	reviewRestore    = 30 * catalog.Day
)

// reviews reads the access reviews that are held.
func (d *catalogueReader) reviews(v value.Node) (out []catalog.Review) {
	for _, item := range v.List() {
		out = append(out, d.review(item))
	}
	return out
}

// review is {id, name, scope, stages | reviewers…, …}: who asks one round writes its keys beside the others.
func (d *catalogueReader) review(v value.Node) catalog.Review {
	o := v.Object("id", "name", "scope", "stages", "reviewers", "fallback", "also", "strategy", "lasts", "unanswered", "unreachable", "undo", "restore", "start", "schedule", "on", "no_usage", "channel")
	r := catalog.Review{
		ID: o.Get("id").TextOr(""), Name: o.Get("name").TextOr(""), Scope: d.reviewScope(o.Get("scope")),
		Unanswered:  catalog.ReviewDefault(o.Get("unanswered").TextOr(string(catalog.EscalateReview))),
		Unreachable: catalog.ReviewDefault(o.Get("unreachable").TextOr(string(catalog.EscalateReview))),
		Undo:        period(o.Get("undo"), reviewUndo), Restore: period(o.Get("restore"), reviewRestore),
		Occasions: o.Get("on").Texts(), NoUsage: o.Get("no_usage").Texts(), Channel: channel(o.Get("channel")),
	}
	r.Automatic = startsByItself(o.Get("start"), len(r.Occasions) > 0)
	if schedule := o.Get("schedule"); schedule.Present() {
		r.Line = line(schedule, never)
	}
	r.Stages = d.reviewStages(v, o, lastsUnlessSaid(r))
	return r
}

func lastsUnlessSaid(r catalog.Review) time.Duration {
	if len(r.Occasions) > 0 {
		return smallReviewLasts
	}
	return reviewLasts
}

// startsByItself reads "automatic" or "by_hand". What an occasion begins starts by itself: nobody waits for it.
func startsByItself(v value.Node, small bool) bool {
	const automatic, byHand = "automatic", "by_hand"
	switch text := v.TextOr(""); text {
	case "":
		return small
	case automatic:
		return true
	case byHand:
		if small {
			v.Fault("%s: what an occasion begins starts by itself: remove start", v.Path())
		}
	default:
		v.Fault("%s can't be %q: write %s, or %s to have somebody look at it first", v.Path(), text, automatic, byHand)
	}
	return false
}

// reviewStages are those that are listed, or the one whose keys stand beside the others.
func (d *catalogueReader) reviewStages(v value.Node, o value.Object, lasts time.Duration) (out []catalog.ReviewStage) {
	stages := o.Get("stages")
	if !stages.Present() {
		return []catalog.ReviewStage{d.reviewStage(func(key string) value.Node {
			if one := o.Get(key); one.Present() {
				one.AlsoAt(v.Path() + ".stages[0]." + key) // where the catalogue looks for it
			}
			return o.Get(key)
		}, lasts)}
	}
	for _, key := range []string{"reviewers", "fallback", "also", "strategy", "lasts"} {
		if one := o.Get(key); one.Present() {
			one.Fault("%s stands beside stages: write it into each of them", one.Path())
		}
	}
	for _, item := range stages.List() {
		out = append(out, d.reviewStage(item.Object("reviewers", "fallback", "also", "strategy", "lasts").Get, lasts))
	}
	return out
}

// reviewStage reads one round; get finds its keys.
func (d *catalogueReader) reviewStage(get func(string) value.Node, lasts time.Duration) catalog.ReviewStage {
	s := catalog.ReviewStage{
		Fallback: []catalog.Approver{{Kind: catalog.Security}}, Strategy: catalog.ReviewStrategy(get("strategy").TextOr(string(catalog.AllMustKeep))), Lasts: period(get("lasts"), lasts),
	}
	if reviewers := get("reviewers"); reviewers.Present() {
		s.Reviewers = d.approvers(reviewers)
	}
	if fallback := get("fallback"); fallback.Present() {
		s.Fallback = d.approvers(fallback)
	}
	if also := get("also"); also.Present() {
		s.Additional = d.approvers(also)
	}
	return s
}

func (d *catalogueReader) reviewScope(v value.Node) (s catalog.ReviewScope) {
	if !v.Present() {
		return s
	}
	o := v.Object("apps", "roles", "risks", "tags", "departments", "managers", "people", "older_than", "sources", "exclude")
	s = catalog.ReviewScope{
		Apps: o.Get("apps").Texts(), Roles: roleRefs(o.Get("roles")), Tags: o.Get("tags").Texts(), Departments: o.Get("departments").Texts(),
		Managers: emails(o.Get("managers")), People: emails(o.Get("people")), OlderThan: period(o.Get("older_than"), 0),
	}
	for _, text := range o.Get("risks").Texts() {
		s.Risks = append(s.Risks, catalog.Risk(text))
	}
	for _, text := range o.Get("sources").Texts() {
		s.Sources = append(s.Sources, catalog.ReviewSource(text))
	}
	for _, item := range o.Get("exclude").List() {
		s.Exclude = append(s.Exclude, reviewExclude(item))
	}
	return s
}

func reviewExclude(v value.Node) catalog.ReviewExclude {
	o := v.Object("person", "role", "why", "by")
	e := catalog.ReviewExclude{Person: o.Get("person").TextOr(""), Why: o.Get("why").TextOr(""), By: o.Get("by").TextOr("")}
	if role := o.Get("role"); role.Present() {
		if text, ok := role.Text(); ok {
			ref, err := catalog.ParseRoleRef(text)
			if err != nil {
				role.Fault("%v", err)
			}
			e.Role = ref
		}
	}
	return e
}
