package wording

import (
	"cmp"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
)

// group names the group that an event is about.
func group(e access.Event) string {
	if e.Group == nil {
		return "Group: not named"
	}
	return "Group: " + e.Group.String()
}

// groupLine is what was done about one group, and where that stands in the log.
func groupLine(e access.Event) string {
	outcome := ""
	switch e.Kind {
	case access.EventMemberAdded:
		before := "not a member"
		if e.Before || e.Note != "" {
			before = cmp.Or(e.Note, "already a member, and not by Latchkey")
		}
		outcome = "Before: " + before + ". Read back: is a member"
	case access.EventMemberRemoved:
		outcome = "Read back: is not a member any more"
		if e.Note != "" {
			outcome = strings.TrimSuffix(e.Note, ".") + ". " + outcome
		}
	case access.EventMemberKept:
		outcome = "Left alone: " + cmp.Or(e.Note, "another grant still needs it")
	case access.EventMemberGone:
		outcome = "Nothing to remove: " + cmp.Or(e.Note, "the group or the account is gone")
	}
	return group(e) + ". " + outcome + " (" + exactly(e.At) + ", event " + place(e) + ")"
}

// mostGroups is how many groups a comment tells of: the pages of events tell of all.
const mostGroups = 60

// groupLines are what was done about groups up to an event.
func groupLines(c access.Case, until access.Event, kinds ...access.EventKind) []string {
	var out []string
	for _, e := range changesOf(c, until, kinds...) {
		out = append(out, adf.Clip(groupLine(e), 300))
	}
	if more := len(out) - mostGroups; more > 0 {
		return append(out[:mostGroups], "More groups stand in what this issue carries")
	}
	return out
}

// groupNames lists the groups that were changed up to an event.
func groupNames(c access.Case, until access.Event, kinds ...access.EventKind) string {
	var names []string
	for _, e := range changesOf(c, until, kinds...) {
		if e.Group != nil {
			names = append(names, adf.OneLine(e.Group.String()))
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) > mostGroups {
		names = append(names[:mostGroups], "more")
	}
	return cmp.Or(adf.List(names, "and"), "no group")
}

// changesOf are the events of some kinds in the story up to one of them.
func changesOf(c access.Case, until access.Event, kinds ...access.EventKind) []access.Event {
	var out []access.Event
	for _, e := range c.Story {
		if e.N <= until.N && slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out
}
