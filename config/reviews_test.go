package config

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// TestReviewFaults: each is said where it stands, with what to do.
func TestReviewFaults(t *testing.T) {
	list := func(review string) string { return "reviews:\n  - " + review + "\n" }
	for name, c := range map[string]struct{ text, want string }{
		"no such key":          {list("{id: q, name: Q, reviewers: [manager], ‸every: 90d}"), `"every" is not a key of reviews[0]`},
		"no id":                {list("‸{name: Q, reviewers: [manager]}"), "an id is missing"},
		"no name":              {list("‸{id: q, reviewers: [manager]}"), "has no name"},
		"twice":                {"reviews:\n  - {id: q, name: Q, reviewers: [manager]}\n  - {id: ‸q, name: R, reviewers: [manager]}\n", "used twice"},
		"nobody":               {list("‸{id: q, name: Q}"), "nobody is asked"},
		"a misspelt reviewer":  {list("{id: q, name: Q, reviewers: [‸manger]}"), "did you mean manager?"},
		"no such schedule":     {list("{id: q, name: Q, reviewers: ‸[\"oncall:night\"]}"), "oncall"},
		"both":                 {list("{id: q, name: Q, lasts: ‸3d, stages: [{reviewers: [manager]}]}"), "stands beside stages"},
		"three stages":         {list("{id: q, name: Q, stages: ‸[{reviewers: [manager]}, {reviewers: [owner]}, {reviewers: [admins]}]}"), "one or two"},
		"a misspelt app":       {list("{id: q, name: Q, reviewers: [manager], scope: {apps: [‸figm]}}"), `did you mean`},
		"a misspelt role":      {list("{id: q, name: Q, reviewers: [manager], scope: {roles: [‸figma/editr]}}"), `did you mean "figma/editor"?`},
		"no risk":              {list("{id: q, name: Q, reviewers: [manager], scope: {risks: [‸huge]}}"), "write low, medium or high"},
		"no such tag":          {list("{id: q, name: Q, reviewers: [manager], scope: {tags: [‸soxx]}}"), "no app has the tag"},
		"no such source":       {list("{id: q, name: Q, reviewers: [manager], scope: {sources: [‸magic]}}"), "doesn't say how access came"},
		"excluded without why": {list("{id: q, name: Q, reviewers: [manager], scope: {exclude: [‸{person: a@acme.example, by: omar@acme.example}]}}"), "needs a reason"},
		"excluded by nobody":   {list("{id: q, name: Q, reviewers: [manager], scope: {exclude: [‸{person: a@acme.example, why: on leave}]}}"), "approved it"},
		"nothing excluded":     {list("{id: q, name: Q, reviewers: [manager], scope: {exclude: [‸{why: x, by: omar@acme.example}]}}"), "what is left out"},
		"a misspelt strategy":  {list("{id: q, name: Q, reviewers: [manager], strategy: ‸any}"), "is no strategy"},
		"a misspelt default":   {list("{id: q, name: Q, reviewers: [manager], unanswered: ‸delete}"), "write keep, revoke, recommendation or escalate"},
		"too long":             {list("{id: q, name: Q, reviewers: [manager], lasts: ‸400d}"), "can last from"},
		"undone for ever":      {list("{id: q, name: Q, reviewers: [manager], undo: ‸60d}"), "can wait for"},
		"restored for ever":    {list("{id: q, name: Q, reviewers: [manager], restore: ‸365d}"), "asked for anew"},
		"no occasion":          {list("{id: q, name: Q, reviewers: [manager], on: [‸birthday]}"), "begins no review"},
		"occasion on schedule": {list("{id: q, name: Q, reviewers: [manager], on: ‸[moved], schedule: \"0 9 1 1 *\"}"), "has no schedule"},
		"occasion by hand":     {list("{id: q, name: Q, reviewers: [manager], on: [moved], start: ‸by_hand}"), "starts by itself"},
		"no calendar line":     {list("{id: q, name: Q, reviewers: [manager], schedule: ‸quarterly}"), "is no calendar line"},
		"a channel of a few":   {list("{id: q, name: Q, reviewers: [manager], on: [moved], channel: ‸\"#design-access\"}"), "is a small one"},
		"no channel":           {list("{id: q, name: Q, reviewers: [manager], channel: ‸design}"), "is not a channel"},
		"no start":             {list("{id: q, name: Q, reviewers: [manager], start: ‸soon}"), "write automatic"},
	} {
		t.Run(name, func(t *testing.T) { expectFault(t, smallConfig(t)+c.text, c.want) })
	}
}

func TestReviewsAreRead(t *testing.T) {
	text := smallConfig(t) + `reviews:
  - {id: mini, name: Moved, reviewers: [manager], on: [moved, adopted]}
  - id: quarterly
    name: Quarterly
    scope: {apps: [figma], roles: [figma/editor], risks: [high, low], departments: [Design], managers: [omar@acme.example], people: [noor@acme.example], older_than: 30d, sources: [adopted, unexplained], exclude: [{person: a@acme.example, why: On leave, by: omar@acme.example}, {role: figma/editor, why: Reviewed elsewhere, by: omar@acme.example}]}
    stages: [{reviewers: [manager], also: [owner], strategy: one-revoke-revokes, lasts: 10d}, {reviewers: [owner], fallback: [omar@acme.example]}]
    unanswered: recommendation
    unreachable: keep
    undo: 2h
    restore: 7d
    start: automatic
    schedule: "0 9 1 1,4,7,10 *"
    no_usage: [figma]
    channel: "#design-access"
`
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	all := c.Catalog.Reviews()
	if len(all) != 2 {
		t.Fatalf("%d reviews", len(all))
	}
	mini, q := all[0], all[1]
	if !mini.Automatic || len(mini.Stages) != 1 || mini.Stages[0].Lasts != 7*catalog.Day || mini.Stages[0].Strategy != catalog.AllMustKeep || mini.Unanswered != catalog.EscalateReview || mini.Undo != catalog.Day || mini.Restore != 30*catalog.Day || mini.Stages[0].Fallback[0].Kind != catalog.Security {
		t.Errorf("a small one is read as %+v", mini)
	}
	s := q.Scope
	if len(s.Exclude) != 2 || s.Exclude[1].Role.Role != "editor" || s.OlderThan != 30*catalog.Day || len(s.Sources) != 2 || s.Managers[0] != "omar@acme.example" || len(s.Risks) != 2 || s.Departments[0] != "Design" {
		t.Errorf("its scope is %+v", s)
	}
	if !q.Automatic || q.Line == "" || q.Undo != 2*time.Hour || q.Restore != 7*catalog.Day || q.Unanswered != catalog.Recommended || q.Unreachable != catalog.KeepAccess || q.CountsUsage("figma") || q.Channel != "#design-access" {
		t.Errorf("it is read as %+v", q)
	}
	if len(q.Stages) != 2 || q.Stages[0].Lasts != 10*catalog.Day || q.Stages[0].Additional[0].Kind != catalog.Owner || q.Stages[1].Fallback[0].Person != "omar@acme.example" || q.Stages[1].Lasts != 14*catalog.Day {
		t.Errorf("its stages are %+v", q.Stages)
	}
	other, err := loadText(t, strings.ReplaceAll(text, "undo: 2h", "undo: 3h"), tokens())
	if err != nil || other.Catalog.Version() == c.Catalog.Version() {
		t.Errorf("another definition is no other version: %v", err)
	}
}
