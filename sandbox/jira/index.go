package jira

import (
	"slices"
	"time"
)

// snapshot is what JQL sees of an issue from a moment on.
type snapshot struct {
	at  time.Time
	doc doc
}

// doc is the indexed part of an issue.
type doc struct {
	is          *issue
	project     *project
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
	comments    []*comment
	custom      map[string]any
}

func (is *issue) doc() doc {
	return doc{is: is, project: is.project, number: is.number, key: is.key, kind: is.kind, summary: is.summary,
		description: is.description.text, labels: slices.Clone(is.labels), priority: is.priority,
		assignee: is.assignee, reporter: is.reporter, creator: is.creator, status: is.status,
		resolution: is.resolution, created: is.created, updated: is.updated, resolved: is.resolved,
		comments: slices.Clone(is.comments), custom: cloneValues(is.custom)}
}

func cloneValues(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// reindex keeps the snapshots that a lagging reader may still see.
func (w *world) reindex(is *issue) {
	if w.cfg.SearchLag <= 0 {
		is.index = is.index[:0]
	} else {
		is.index = is.index[w.visible(is):]
	}
	is.index = append(is.index, snapshot{w.now(), is.doc()})
}

// visible is the position of the newest snapshot old enough to be seen, or 0.
func (w *world) visible(is *issue) int {
	limit := w.now().Add(-w.cfg.SearchLag)
	for i := len(is.index) - 1; i > 0; i-- {
		if !is.index[i].at.After(limit) {
			return i
		}
	}
	return 0
}

// indexed is the issue as JQL sees it now; ok is false while it is too new.
// Reconciled issues are seen as they are.
func (w *world) indexed(is *issue, reconcile []int) (doc, bool) {
	if slices.Contains(reconcile, is.id) {
		return is.doc(), true
	}
	if len(is.index) == 0 {
		return doc{}, false
	}
	s := is.index[w.visible(is)]
	return s.doc, !s.at.After(w.now().Add(-w.cfg.SearchLag))
}
