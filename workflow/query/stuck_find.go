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
// it: exactly one of the four.
type stuckThing struct {
	grant   *access.Grant
	request *access.Request
	task    *store.Task
	damaged *store.Damaged
}

// andDamaged adds records that should be looked at and can't be read back.
func andDamaged(all []stuckThing, damage store.Damage) []stuckThing {
	for _, d := range damage {
		all = append(all, stuckThing{damaged: d})
	}
	return all
}

// findStuck is the one place that knows what counts as stuck.
func findStuck(tx store.Tx) ([]stuckThing, error) {
	var all []stuckThing
	for _, find := range []func(store.Tx) ([]stuckThing, error){disputedGrants, stuckGrants, unroutable, stuckTasks} {
		some, err := find(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func stuckGrants(tx store.Tx) ([]stuckThing, error) {
	return grantsOn(func(after string, limit int) ([]access.Grant, error) {
		return store.GrantsIn(tx, access.GrantStuck, after, limit)
	})
}

func disputedGrants(tx store.Tx) ([]stuckThing, error) {
	return grantsOn(func(after string, limit int) ([]access.Grant, error) { return store.DisputedGrants(tx, after, limit) })
}

func grantsOn(list func(after string, limit int) ([]access.Grant, error)) ([]stuckThing, error) {
	grants, damage, err := store.Sound(All(list, GrantID))
	out := make([]stuckThing, len(grants))
	for i := range grants {
		out[i].grant = &grants[i]
	}
	return andDamaged(out, damage), err
}

// unroutable are the requests for which nobody was found who may decide.
func unroutable(tx store.Tx) ([]stuckThing, error) {
	waiting, damage, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, limit)
	}, RequestID))
	if err != nil {
		return nil, err
	}
	out := andDamaged(nil, damage)
	for i, r := range waiting {
		if r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) > 0 {
			continue
		}
		story, _, err := store.Sound(store.Story(tx, store.Filter{Subject: access.RequestSubject(r.ID)}))
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
	r, err := requestOf(tx, t.Subject.Request())
	if err != nil {
		return w, err
	}
	if r.ID != "" {
		w = about(r)
	}
	w.ID, w.What, w.Why, w.Since, w.Task = t.ID, s.purposeOf(tx, t), t.Problem, t.Created, true
	if w.Request == "" {
		return w, nil
	}
	return w, w.since(tx, access.EventTaskBlocked)
}

// requestOf is the request that something stuck belongs to; the zero request where
// there is none, or where it can't be read back: then that is shown elsewhere.
func requestOf(tx store.Tx, id string) (access.Request, error) {
	r, err := store.Request(tx, id)
	var d *store.Damaged
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &d) {
		return access.Request{}, nil
	}
	return r, err
}

// damagedRecord says what there is to say about a record that can't be read back.
func damagedRecord(d *store.Damaged) Stuck {
	w := Stuck{ID: d.ID, What: "read the record of the " + d.Kind + " back",
		Why: d.Error() + ": restore it from a backup, or report this fault with the lines of the log about it"}
	switch d.Kind {
	case engine.Grants().Kind:
		w.Grant = d.ID
	case engine.Requests().Kind:
		w.Request = d.ID
	}
	for _, k := range d.Index { // what it is found by is all that is known of it
		switch of, name, _ := strings.Cut(k, ":"); of {
		case "person":
			w.Person = access.PersonID(name)
		case "app":
			w.App = name
		}
	}
	return w
}

// purposeOf says what a task is for.
func (s *Service) purposeOf(tx store.Tx, t store.Task) string {
	if say, known := s.purpose[t.Kind]; known {
		return say(tx, t)
	}
	_, what, _ := strings.Cut(t.ID, "/")
	switch t.Kind {
	case engine.DutyTask:
		return "carry out the regular duty " + what
	case engine.DueTask:
		return "carry out what is due of " + strings.ReplaceAll(what, "/", " ")
	default:
		return "carry out a task of the kind " + t.Kind
	}
}
