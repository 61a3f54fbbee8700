package query

import (
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// stuckThing is something that waits for a human, before anything is said about
// it: exactly one of the three.
type stuckThing struct {
	grant   *access.Grant
	request *access.Request
	task    *store.Task
}

// findStuck is the one place that knows what counts as stuck.
func findStuck(tx store.Tx) ([]stuckThing, error) {
	var all []stuckThing
	for _, find := range []func(store.Tx) ([]stuckThing, error){stuckGrants, unroutable, stuckTasks} {
		some, err := find(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func stuckGrants(tx store.Tx) ([]stuckThing, error) {
	grants, err := All(func(after string, limit int) ([]access.Grant, error) {
		return store.GrantsIn(tx, access.GrantStuck, after, limit)
	}, GrantID)
	out := make([]stuckThing, len(grants))
	for i := range grants {
		out[i].grant = &grants[i]
	}
	return out, err
}

// unroutable are the requests for which nobody was found who may decide.
func unroutable(tx store.Tx) ([]stuckThing, error) {
	waiting, err := All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, limit)
	}, RequestID)
	if err != nil {
		return nil, err
	}
	var out []stuckThing
	for i, r := range waiting {
		if r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) > 0 {
			continue
		}
		story, err := Story(tx, store.Filter{Subject: access.RequestSubject(r.ID)})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(story, func(e access.Event) bool { return e.Kind == access.EventUnroutable }) { // otherwise the search is still under way
			out = append(out, stuckThing{request: &waiting[i]})
		}
	}
	return out, nil
}

func stuckTasks(tx store.Tx) ([]stuckThing, error) {
	tasks, err := StuckTasks(tx)
	out := make([]stuckThing, len(tasks))
	for i := range tasks {
		out[i].task = &tasks[i]
	}
	return out, err
}

// StuckTasks are the tasks that wait for a human.
func StuckTasks(tx store.Tx) ([]store.Task, error) {
	var all []store.Task
	for after := uint64(0); ; after = all[len(all)-1].Seq {
		some, err := tx.Tasks(store.Stuck, after, pageSize)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < pageSize {
			return all, nil
		}
	}
}

func (s *Service) stuckTask(tx store.Tx, t store.Task) (Stuck, error) {
	w := Stuck{}
	r, err := store.Request(tx, t.Subject.Request())
	switch {
	case err == nil:
		w = about(r)
	case !errors.Is(err, store.ErrNotFound):
		return w, err
	}
	w.ID, w.What, w.Why, w.Since, w.Task = t.ID, s.purposeOf(t), t.Problem, t.Created, true
	if w.Request == "" {
		return w, nil
	}
	return w, w.since(tx, access.EventTaskBlocked)
}

// purposeOf says what a task is for.
func (s *Service) purposeOf(t store.Task) string {
	if say, known := s.purpose[t.Kind]; known {
		return say(t)
	}
	_, what, _ := strings.Cut(t.ID, "/")
	switch t.Kind {
	case engine.DutyTask:
		return "carry out the regular duty " + what
	case engine.DueTask:
		return "carry out what is due of " + strings.ReplaceAll(what, "/", " ")
	default:
		return "carry out " + t.ID
	}
}
