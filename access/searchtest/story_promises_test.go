package searchtest

import (
	"bytes"
	"encoding/json"
	"slices"

	"latchkey/access"
)

func has(effs []access.Effect, kind access.EffectKind) bool {
	return slices.ContainsFunc(effs, func(e access.Effect) bool { return e.Kind == kind })
}

// 7. A person always knows where things stand: what happened is shown to whom it
// concerns, and it is written into the issue if it is a decision or a change.
func toldOf(kind access.EventKind, effs []access.Effect) string {
	unwritten := []access.EventKind{access.EventIssueOpened, access.EventClaimed, access.EventAskedAgain, access.EventNudged, access.EventReviewDue}
	switch {
	case kind != access.EventReviewDue && !has(effs, access.EffectShowCards):
		return "7. it happens, and nobody is shown: " + string(kind)
	case kind == access.EventReviewDue && !(has(effs, access.EffectFindApprovers) && has(effs, access.EffectRemind)):
		return "7. nobody is asked again to judge an emergency"
	case kind == access.EventQuestioned && !has(effs, access.EffectTell):
		return "7. a question is asked, and nobody hears it"
	case !slices.Contains(unwritten, kind) && !has(effs, access.EffectRecord):
		return "1. it happens, and isn't written into the issue: " + string(kind)
	}
	return ""
}

// toldOfGrant is toldOf for a grant.
func toldOfGrant(e access.Event, g, next access.Grant, effs []access.Effect) string {
	late := e.Kind == access.EventMemberAdded && g.Revoking // the removal is queued behind it
	quiet := late || slices.Contains([]access.EventKind{access.EventMemberMissing, access.EventMemberBack}, e.Kind) || next.State == g.State && e.Group != nil && e.Kind != access.EventStuck
	unwritten := slices.Contains([]access.EventKind{access.EventReminded, access.EventFollowedUp, access.EventDisputed}, e.Kind) || e.Kind == access.EventRecorded && !next.Manual
	switch {
	case !quiet && !has(effs, access.EffectShowCards) && !has(effs, access.EffectTellStuck):
		return "7. it happens, and nobody is shown: " + string(e.Kind)
	case !unwritten && !has(effs, access.EffectRecord):
		return "1. it happens, and isn't written into the issue: " + string(e.Kind)
	}
	return ""
}

// 6. The story can be checked: an event that was kept, and read back, moves a request
// to where it moved before; and one that was altered is found out.
func keepsRequest(r, next access.Request, e access.Event) string {
	again, why := readBack(e)
	if why != "" {
		return why
	}
	told, _, err := r.Apply(again, now)
	if err != nil || !alike(laterRequest(told, 0), laterRequest(next, 0)) {
		return "6. told again, the story of a request ends elsewhere: " + string(e.Kind)
	}
	return ""
}

// keepsGrant is the same for a grant of which only the story is known: what was noted
// of its groups without an event is forgotten.
func keepsGrant(g, next access.Grant, e access.Event) string {
	again, why := readBack(e)
	if why != "" {
		return why
	}
	g.Entitlements = slices.Clone(g.Entitlements)
	for i := range g.Entitlements {
		ent := &g.Entitlements[i]
		ent.Account, ent.GroupID, ent.Absent, ent.Sent = "", "", false, false
	}
	told, _, err := g.Apply(again, now)
	if err != nil || !access.CourseOf(access.Request{}, &told).Same(access.CourseOf(access.Request{}, &next)) {
		return "6. told again, the story of a grant ends elsewhere: " + string(e.Kind)
	}
	return ""
}

// readBack keeps an event the way the log does, alters it, and reads it back.
func readBack(e access.Event) (access.Event, string) {
	entry, err := e.Encode(access.Seed{1})
	if err == nil {
		entry, err = entry.Chain("acme/latchkey/search/1", 1, access.Hash{1})
	}
	if err != nil {
		return e, "6. an event can't be kept: " + err.Error()
	}
	forged := entry
	forged.Body = bytes.Replace(entry.Body, []byte(":"), []byte(": "), 1)
	if forged.Verify() == nil || entry.Verify() != nil {
		return e, "6. an altered event isn't found out"
	}
	kept, err := access.Events([]access.Entry{entry})
	if err != nil {
		return e, "6. an event can't be read back: " + err.Error()
	}
	return kept[0], ""
}

func alike(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
