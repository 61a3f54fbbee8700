package e2e

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
)

// tookItsTime tells of a decision of which the customer reads by itself only where nothing
// came of it for a while.
func tookItsTime(e access.Event) bool {
	return e.Kind == access.EventApproved || e.Kind == access.EventBreakGlass || e.Kind == access.EventIssueOpened
}

// addedTooLate tells of an addition that came about when the end had begun already.
func (a *aftermath) addedTooLate(e access.Event) bool {
	return e.Kind == access.EventMemberAdded && slices.ContainsFunc(a.events, func(o access.Event) bool {
		return o.Kind == access.EventEnding && o.Request == e.Request && o.N < e.N
	})
}

// wasGiven tells whether a lifecycle's access was ever there: where a directory refuses it for
// longer than it was to last, or everybody else's time goes by meanwhile, it never was.
func (a *aftermath) wasGiven(e *lifecycle) bool {
	asked := slices.IndexFunc(a.events, func(o access.Event) bool {
		return o.Kind == access.EventSubmitted && strings.Contains(o.Reason, e.token)
	})
	return asked >= 0 && slices.ContainsFunc(a.events, func(o access.Event) bool {
		return o.Request == a.events[asked].Request && (o.Kind == access.EventMemberAdded || o.Kind == access.EventFulfilled)
	})
}

// audienceSet writes how many comments there are for each side, in a fixed order.
func audienceSet(audiences []string) string {
	n := map[string]int{}
	for _, f := range audiences {
		n[f]++
	}
	return fmt.Sprintf("customer %d agents %d", n["customer"], n["agents"])
}

// usualAudiences learns which comments an event gets.
func (a *aftermath) usualAudiences() map[access.EventKind][]string {
	out := map[access.EventKind][]string{}
	comments, _ := a.comments()
	for _, e := range a.events {
		if set := audienceSet(comments[e.ID+" "+e.Leaf.String()]); !slices.Contains(out[e.Kind], set) {
			out[e.Kind] = append(out[e.Kind], set)
		}
	}
	return out
}
