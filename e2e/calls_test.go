package e2e

import (
	"maps"
	"strings"
	"testing"
	"time"
)

// calls counts the calls each service got, by what was called.
func (c *company) calls() map[string]int {
	out := map[string]int{}
	for method, n := range c.world.Slack.Stats() {
		if !strings.HasPrefix(method, "envelope:") {
			out["slack "+method] = n
		}
	}
	for call, n := range c.world.Jira.Stats() {
		out["jira "+call] = n
	}
	for _, call := range c.world.Okta.Calls() {
		out["okta "+call]++
	}
	return out
}

// TestVendorCallsOfOneRequest plays one request from the form to access that was
// read back, told and recorded, when the people and the group are known from
// others before it, and counts what it costs: in virtual time, so that it costs the same each time.
// The budget below is what honesty needs: who decides and whose access it is are looked up at that
// moment, in one call, because a moment ago one may have left, or the other got another manager; the
// membership is read before and after it is changed; whether the issue is still there is looked at before the group is changed, because nothing is
// given without it; what the customer reads and the evidence that only agents may see are comments
// of their own, because Jira drops what is written in a transition; and the cards of two people
// are kept up to date. A yes and the access that comes of it within two seconds are told together.
func TestVendorCallsOfOneRequest(t *testing.T) {
	for _, c := range []struct {
		name   string
		before time.Duration
		ask    []string
		budget map[string]int
	}{
		{"warm", lately, inForm(), map[string]int{"slack": 6, "jira": 6, "okta": 4}},
		{"stepwise", lately, byStep(), map[string]int{"slack": 6, "jira": 6, "okta": 4}},
		{"named", lately, byName(), map[string]int{"slack": 6, "jira": 6, "okta": 4}},
		{"cold", formerly, inForm(), map[string]int{"slack": 6, "jira": 6, "okta": 9}}, // and the form, who is asked and the group look at Okta themselves
	} {
		t.Run(c.name, func(t *testing.T) {
			virtually(t, func(f *felt) {
				o := f.ordinary(c.before, c.ask)
				spent, calls := map[string]int{}, f.since(o.begun)
				for _, call := range calls {
					spent[call.service]++
				}
				for what, n := range countedBy(calls) {
					f.Logf("%2d %s", n, what)
				}
				if !maps.Equal(spent, c.budget) {
					f.Errorf("it costs %v calls, and not %v:%s", spent, c.budget, list(calls, o.begun))
				}
			})
		})
	}
}

// countedBy counts calls by service and method, without what they are about.
func countedBy(calls []vendorCall) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		method, path, _ := strings.Cut(c.what, " ")
		path, _, _ = strings.Cut(path, " ")
		out[c.service+" "+method+" "+path]++
	}
	return out
}
