package world

import (
	"slices"
	"time"
)

// indexEntry is what JQL sees of an issue from a moment on.
type indexEntry struct {
	at  time.Time
	doc doc
}

// doc is the indexed part of an issue.
type doc struct {
	is          *LiveIssue
	project     *Project
	number      int
	key         string
	kind        string
	summary     string
	description string
	labels      []string
	priority    string
	assignee    string
	reporter    string
	creator     string
	status      *Status
	resolution  string
	created     time.Time
	updated     time.Time
	resolved    time.Time
	comments    []*LiveComment
	custom      map[string]any
}

func (is *LiveIssue) doc() doc {
	return doc{is: is, project: is.Project, number: is.number, key: is.Key, kind: is.TypeID, summary: is.Summary,
		description: is.description.Text, labels: slices.Clone(is.Labels), priority: is.Priority,
		assignee: is.assignee, reporter: is.Reporter, creator: is.Creator, status: is.Status,
		resolution: is.Resolution, created: is.Created, updated: is.Updated, resolved: is.Resolved,
		comments: slices.Clone(is.Comments), custom: cloneValues(is.custom)}
}

func cloneValues(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// reindex keeps the entries that a lagging reader may still see.
func (s *State) reindex(is *LiveIssue) {
	if s.Settings.SearchLag <= 0 {
		is.index = is.index[:0]
	} else {
		is.index = is.index[s.visible(is):]
	}
	is.index = append(is.index, indexEntry{s.Now(), is.doc()})
}

// visible is the position of the newest entry old enough to be seen, or 0.
func (s *State) visible(is *LiveIssue) int {
	limit := s.Now().Add(-s.Settings.SearchLag)
	for i := len(is.index) - 1; i > 0; i-- {
		if !is.index[i].at.After(limit) {
			return i
		}
	}
	return 0
}

// indexed is the issue as JQL sees it now; ok is false while it is too new.
// Reconciled issues are seen as they are.
func (s *State) indexed(is *LiveIssue, reconcile []int) (doc, bool) {
	if slices.Contains(reconcile, is.ID) {
		return is.doc(), true
	}
	if len(is.index) == 0 {
		return doc{}, false
	}
	entry := is.index[s.visible(is)]
	return entry.doc, !entry.at.After(s.Now().Add(-s.Settings.SearchLag))
}
