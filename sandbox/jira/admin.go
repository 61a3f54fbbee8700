package jira

import (
	"errors"
	"fmt"
	"slices"
)

// Workflow is the project's workflow as it stands, to be changed and given back
// to SetWorkflow.
func (s *Server) Workflow() Workflow {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Workflow.clone()
}

func (f *Workflow) clone() Workflow {
	out := Workflow{Initial: f.Initial, Statuses: slices.Clone(f.Statuses), Transitions: slices.Clone(f.Transitions)}
	for i := range out.Transitions {
		t := &out.Transitions[i]
		t.From, t.Screen = slices.Clone(t.From), slices.Clone(t.Screen)
	}
	return out
}

// EditStatus changes what a status is called, in the workflow or in the portal,
// as an administrator may at any time. Its id stays, and so do the issues in it.
func (s *Server) EditStatus(name string, edit func(*Status)) error {
	return s.change(func(w *world) error {
		st := w.flow.status(name)
		if st == nil {
			return fmt.Errorf("jira: no status is called %q", name)
		}
		now := *st
		edit(&now)
		if other := w.flow.status(now.Name); now.Name == "" || other != nil && other != st {
			return fmt.Errorf("jira: a status can't be called %q: the name is empty or taken", now.Name)
		}
		w.flow.rename(st.Name, now.Name)
		st.Name, st.Portal = now.Name, now.Portal
		w.changed = true
		return nil
	})
}

// rename carries a status's new name into everything that refers to it by name.
func (f *Workflow) rename(from, to string) {
	if f.Initial == from {
		f.Initial = to
	}
	for i := range f.Transitions {
		t := &f.Transitions[i]
		if t.To == from {
			t.To = to
		}
		for j := range t.From {
			if t.From[j] == from {
				t.From[j] = to
			}
		}
	}
}

// SetField adds a field to the site, or changes the one with the same id: its
// name, its options, whether it is on the form and required. What kind of field it
// is can't be changed once there are issues, whose values would be lost.
func (s *Server) SetField(f Field) error {
	return s.change(func(w *world) error {
		if f.kind() == kindReadOnly && f.Custom != "" {
			return fmt.Errorf("jira: fields like %q (%s) are not modelled", f.Name, f.Custom)
		}
		old := w.field(f.ID)
		switch {
		case old == nil:
			w.fields = append(w.fields, f)
		case old.Custom != f.Custom && len(w.order) > 0:
			return errors.New("jira: the kind of a field can't be changed: there are issues with it already")
		default:
			*old = f
		}
		w.changed = true
		return nil
	})
}

// fieldName is how a person knows a field.
func (w *world) fieldName(id string) string {
	if f := w.field(id); f != nil {
		return f.Name
	}
	return id
}
